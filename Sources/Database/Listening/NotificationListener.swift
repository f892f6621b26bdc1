internal import CLibPQ
internal import Foundation
internal import Glibc

/// The thread behind ``notifications(_:channels:)``: it sleeps in `poll` until the server or the reader says something.
struct NotificationListener {
    typealias Continuation = AsyncStream<DatabaseNotification>.Continuation

    private static let firstPause = Duration.milliseconds(100)
    private static let longestPause = Duration.seconds(5)
    /// How often readers are sent to look when nothing can be listened to.
    private static let lookInterval = Duration.seconds(1)

    private let configuration: DatabaseConfiguration
    private let channels: [String]
    private let wakeup: Wakeup
    private let continuation: Continuation

    static func start(
        _ configuration: DatabaseConfiguration, _ channels: [String], _ wakeup: Wakeup, _ continuation: Continuation
    ) {
        var configuration = configuration
        configuration.role = nil
        if let url = configuration.listenURL { (configuration.url, configuration.pooler) = (url, .none) }
        let listener = NotificationListener(
            configuration: configuration, channels: channels, wakeup: wakeup, continuation: continuation)
        let isDeaf = configuration.pooler == .transaction
        let thread = Thread { isDeaf ? listener.sendLooking() : listener.run() }
        thread.name = "postgres-listen"
        thread.start()
    }

    private func run() {
        var pause = Self.firstPause
        while !wakeup.wait(for: pause == Self.firstPause ? .zero : pause) {
            do {
                let wire = try connect()
                pause = Self.firstPause
                continuation.yield(.reconnected)
                try forward(wire)
                break
            } catch {
                pause = min(pause * 2, Self.longestPause)
            }
        }
        continuation.finish()
    }

    /// In place of listening.
    private func sendLooking() {
        repeat { continuation.yield(.reconnected) } while !wakeup.wait(for: Self.lookInterval)
        continuation.finish()
    }

    private func connect() throws(DatabaseError) -> Wire {
        let wire = try Wire.connect(configuration)
        try wire.withoutPipeline { () throws(DatabaseError) in
            for channel in channels { try wire.execute("LISTEN " + SQLIdentifier.quote(channel)) }
        }
        return wire
    }

    /// Hands notifications on until the reader has gone; throws when the connection is lost.
    private func forward(_ wire: Wire) throws(DatabaseError) {
        var waiting = [
            pollfd(fd: PQsocket(wire.connection), events: Int16(POLLIN), revents: 0),
            pollfd(fd: wakeup.descriptor, events: Int16(POLLIN), revents: 0),
        ]
        while true {
            // First what has come along with the answer to LISTEN.
            yieldAll(wire)
            guard poll(&waiting, 2, -1) >= 0 || errno == EINTR else { throw wire.lost() }
            if waiting[1].revents != 0 { return }
            if waiting[0].revents != 0, PQconsumeInput(wire.connection) == 0 { throw wire.lost() }
        }
    }

    private func yieldAll(_ wire: Wire) {
        var hasDropped = false
        while let notification = PQnotifies(wire.connection) {
            defer { PQfreemem(notification) }
            let channel = String(cString: notification.pointee.relname)
            let payload = String(cString: notification.pointee.extra)
            if case .dropped = continuation.yield(.notified(channel: channel, payload: payload)) { hasDropped = true }
        }
        if hasDropped { continuation.yield(.reconnected) }
    }
}
