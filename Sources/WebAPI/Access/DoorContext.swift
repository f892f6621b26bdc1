public import Accounts
public import Hummingbird
public import NIOCore

/// What is known of a request while it is answered.
public struct DoorContext: RequestContext {
    /// Hummingbird's own part.
    public var coreContext: CoreRequestContextStorage
    /// What the request showed at the door; who that is, the database says.
    public var credential: Credential?
    /// The token against forged requests that belongs to the session; nil without a session.
    ///
    /// Reckoned when it is asked for: reading needs none.
    public var forgeryGuard: String? { session.map { SecretToken.forgeryGuard(of: $0) } }
    /// The token of the session that the request came with.
    var session: String?
    /// Why the request must not write in the session's name, if it is to: it may be a stranger's page that sends it.
    var forgery: Problem?
    /// The address of whoever is connected, without its port.
    public internal(set) var address: String?
    /// The cookies, by name.
    var cookies: [String: String] = [:]
    /// The connection that the request came over.
    public let channel: any Channel

    /// Begins with nothing shown.
    public init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        channel = source.channel
        address = source.channel.remoteAddress?.ipAddress
    }
}
