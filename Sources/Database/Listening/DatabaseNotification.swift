/// What a listener hears.
public enum DatabaseNotification: Sendable, Equatable {
    /// Somebody notified a channel, in a transaction that has been committed.
    case notified(channel: String, payload: String)
    /// Listening has begun, or begun again after the connection was lost: notifications may have been missed, so look
    /// at the tables.
    case reconnected
}

/// Listens on channels of the database over a connection of its own.
///
/// A notification is a hint and no message: some are missed while the connection is lost, and when the reader falls
/// more than 4,096 behind the oldest are dropped. Each time ``DatabaseNotification/reconnected`` follows, which is also
/// the first thing to arrive. The connection is made anew for as long as somebody reads, with growing pauses (0.1 s to
/// 5 s); it is closed when the reading task ends or is cancelled.
///
/// Behind a pooler that passes no notifications on, and without a ``DatabaseConfiguration/listenURL``, nothing can be
/// listened to: then ``DatabaseNotification/reconnected`` arrives once a second, for that is what it asks for.
///
/// - Parameters:
///   - configuration: How to reach the database; its role and limits for statements play no part.
///   - channels: The channels, exactly as they are notified.
/// - Returns: A stream without end, for one reader.
public func notifications(
    _ configuration: DatabaseConfiguration, channels: [String]
) -> AsyncStream<DatabaseNotification> {
    AsyncStream(bufferingPolicy: .bufferingNewest(4_096)) { continuation in
        let wakeup = Wakeup()
        continuation.onTermination = { _ in wakeup.signal() }
        NotificationListener.start(configuration, channels, wakeup, continuation)
    }
}
