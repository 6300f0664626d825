//! ISO 8583:1987 over TCP, the messages of card payments.
//!
//! The README of this folder draws the layout.

use meshwire::record::bitmap::ASCII_1987;
use meshwire::{Bytes, Frame, Len, Record, Text, protocol};

/// A message between an acquirer and an issuer. Digits of the message type are characters, whose lowest bit says what
/// they are of.
#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(request, response(answer = 1), oneway(function = 0x1a), size = 11)]
pub struct Message {
    #[frame(len_of = tpdu..)]
    length: Len<u16>,
    /// The TPDU is that of transactions.
    #[frame(magic = 0x60)]
    pub tpdu: u8,
    /// Where it goes, two digits in a byte.
    #[frame(echo = source)]
    pub destination: u16,
    /// Where it is from.
    #[frame(echo = destination)]
    pub source: u16,
    /// `0`, the standard of 1987.
    #[frame(tag = 0x30)]
    pub version: u8,
    /// `1` authorisation, `2` financial, `4` reversal, `8` network management.
    #[frame(tag(0x31..=0x38), echo)]
    pub class: u8,
    /// `0` request, `2` advice, `4` notification, without their lowest bit.
    #[frame(bits = 7, tag(0x18, 0x19, 0x1a), echo)]
    pub function: u8,
    /// Whether it is the answer to one.
    #[frame(bits = 1)]
    pub answer: u8,
    /// `0` acquirer, `2` issuer, `4` another, without their lowest bit.
    #[frame(bits = 7, tag(0x18, 0x19, 0x1a), echo)]
    pub origin: u8,
    /// Whether it is sent once more.
    #[frame(bits = 1)]
    pub repeat: u8,
    /// A bitmap, and the elements that it lists.
    #[frame(with = Elements, id, status, headers)]
    pub elements: Bytes,
}

/// The elements that mean something here. Keys, tracks and chip data are none of them.
#[derive(Record, Clone, Debug, PartialEq)]
#[record(bitmap(ASCII_1987))]
pub struct Elements {
    /// The account.
    #[record(2, echo)]
    pub account: Option<Text>,
    /// What to do, with which accounts.
    #[record(3, header, echo)]
    pub processing_code: Option<Text>,
    /// In the smallest unit of the currency.
    #[record(4, echo)]
    pub amount: Option<Text>,
    /// Month, day, hour, minute, second.
    #[record(7, echo)]
    pub transmitted: Option<Text>,
    /// System trace audit number: pairs a request with its answer.
    #[record(11, id, required)]
    pub stan: u32,
    /// Of the terminal.
    #[record(12, echo)]
    pub local_time: Option<Text>,
    /// Of the terminal.
    #[record(13, echo)]
    pub local_date: Option<Text>,
    /// Category of the merchant.
    #[record(18, header)]
    pub merchant_type: Option<Text>,
    /// Of the network that the message is for.
    #[record(24, header, echo)]
    pub network: Option<Text>,
    /// The institution that the terminal belongs to.
    #[record(32, header, echo)]
    pub acquirer: Option<Text>,
    /// By which both sides find the transaction.
    #[record(37, echo)]
    pub reference: Option<Text>,
    /// `00` is approved; some are letters.
    #[record(39, status(other = -1))]
    pub response_code: u8,
    /// The terminal.
    #[record(41, header, echo)]
    pub terminal: Option<Text>,
    /// The merchant.
    #[record(42, header, echo)]
    pub merchant: Option<Text>,
    /// Of the amount.
    #[record(49, echo)]
    pub currency: Option<Text>,
    /// What is managed: 001 sign-on, 002 sign-off, 301 echo test.
    #[record(70, header, echo)]
    pub management: Option<Text>,
}

/// ISO 8583.
#[protocol(
    name = "x-iso8583",
    frames(Message),
    keep_alive = none,
    service("acquirer"),
    method("processing_code"),
    status(200 => 0, 403 => 57, 404 => 92, 502 => 91, 503 => 91, 504 => 68, 509 => 91, _ => 96)
)]
pub struct Iso8583;
