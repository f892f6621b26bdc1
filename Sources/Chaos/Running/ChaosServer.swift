/// The PostgreSQL of a play, which the play may treat as badly as it likes.
public protocol ChaosServer: Sendable {
    /// Makes a database of its own, with the program's schema.
    ///
    /// - Returns: Where to connect, as the database's owner.
    func prepare() async throws -> String
    /// Ends the server as a power cut would, `down` runs, and the server comes back.
    ///
    /// `nil` when it is not the play's own: then it is left alone.
    var crash: (@Sendable (_ down: Duration) async throws -> Void)? { get }
    /// Removes whatever ``prepare()`` has made.
    func remove() async throws
}
