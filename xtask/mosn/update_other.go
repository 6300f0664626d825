//go:build !unix

package main

// onUpdate does nothing: there is no signal for it.
func onUpdate(func()) {}
