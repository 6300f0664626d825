package test;

/** The service that every peer offers. */
public interface EchoService {
    /** Answers what it gets. */
    String echo(String text);

    /** Throws. */
    String fail(String text);

    /** Answers {@code text} after the milliseconds that it starts with: {@code "300:..."}. */
    String slow(String text) throws InterruptedException;

    /** Counts: no caller waits for an answer. */
    void fire(String text);
}
