public import Accounts
public import Hummingbird
import NIOCore

/// What is known of a request while it is answered.
public struct DoorContext: RequestContext {
    /// Hummingbird's own part.
    public var coreContext: CoreRequestContextStorage
    /// What the request showed at the door; who that is, the database says.
    public var credential: Credential?
    /// The token against forged requests that belongs to the session; nil without a session.
    public var forgeryGuard: String?
    /// Why the request must not write in the session's name, if it is to: it may be a stranger's page that sends it.
    var forgery: Problem?
    /// The address of whoever is connected, without its port.
    public let address: String?
    /// The cookies, by name.
    var cookies: [String: String] = [:]

    /// Begins with nothing shown.
    public init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        address = source.channel.remoteAddress?.ipAddress
    }
}
