public import Documents
import Foundation

/// Sends mail through a mail server.
///
/// Each connection has a thread of its own, on which libcurl may block, and is kept between mails. Mails beyond the
/// number of connections wait in order. The threads end when the transport is released.
public final class SMTPTransport: MailTransport {
    private let queue = SMTPQueue()

    /// Makes the threads; connects when the first mail is sent.
    ///
    /// - Parameter configuration: Which server, and how.
    public init(_ configuration: SMTPConfiguration) {
        for number in 1...configuration.connections {
            let thread = Thread { [queue] in Self.run(queue, configuration) }
            thread.name = "smtp-\(number)"
            thread.start()
        }
    }

    deinit { queue.stop() }

    /// Sends a mail and waits until the server has taken it.
    ///
    /// A mail with a bad address or header is refused before any connection is made. When one of several recipients is
    /// refused, nobody receives it. If the connection breaks after the mail was sent and before the server's answer,
    /// the error is temporary and a second try may deliver it twice: the `Message-ID` is the same.
    ///
    /// - Parameter message: The mail.
    /// - Throws: ``MailError``. Cancelling the task takes back a mail that still waits.
    public func send(_ message: MailMessage) async throws(MailError) {
        let id = UUID()
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                queue.add(.init(id: id, message: message, continuation: continuation))
            }
        } onCancel: {
            queue.cancel(id)
        }
        try result.get()
    }

    /// The life of a thread.
    private static func run(_ queue: SMTPQueue, _ configuration: SMTPConfiguration) {
        let connection = SMTPConnection(configuration)
        while let job = queue.next() {
            do throws(MailError) {
                try connection.send(job.message)
                job.continuation.resume(returning: .success(()))
            } catch {
                job.continuation.resume(returning: .failure(error))
            }
        }
    }
}
