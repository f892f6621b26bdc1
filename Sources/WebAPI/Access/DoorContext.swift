public import Accounts
public import Hummingbird
public import NIOCore

/// What is known of a request while it is answered.
public struct DoorContext: RequestContext {
    /// Hummingbird's own part.
    public var coreContext: CoreRequestContextStorage
    /// What the request showed at the door; who that is, the database says.
    public var credential: Credential?

    /// The connection that the request came over.
    public let channel: any Channel

    /// Begins with nothing shown.
    public init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        channel = source.channel
    }
}
