import Accounts
import Foundation
import HTTPTypes
import Hummingbird
public import HummingbirdCore
import NIOCore

/// Reads what a request shows, and refuses writes that a stranger's page makes in somebody's name (SEC-05).
///
/// Who it is, the operation's own reading asks the database.
struct AccessMiddleware: RouterMiddleware {
    typealias Context = DoorContext

    func handle(
        _ request: Request, context: Context,
        next: @concurrent (Request, Context) async throws -> Response
    ) async throws -> Response {
        var (request, context) = (request, context)
        context.cookies = PortalCookie.all(in: request.headers)
        if let header = request.headers[.authorization] {
            // Whoever sends a token means it: a wrong one is refused later, whatever cookies come with it.
            context.credential = Credential(token: Self.bearer(header) ?? "", portal: nil)
        } else if let (portal, token) = Self.session(request, context.cookies) {
            context.credential = Credential(token: token, portal: portal)
            context.session = token
        }
        if request.asksForWebSocket {
            // A browser opens one for any page, with our cookies, and lets that page read it.
            try Self.checkOrigin(request)
        } else if !Self.isSafe(request.method) {
            try Self.checkOrigin(request)
            try Self.checkSite(request)
            if let expected = context.forgeryGuard {
                if !request.isFromOwnPage {
                    context.forgery = .foreignOrigin
                } else if try await !Self.carriesGuard(&request, expected) {
                    context.forgery = .forged
                }
            }
        }
        return try await next(request, context)
    }

    /// A browser says from which origin a write or a WebSocket comes; a program need not.
    private static func checkOrigin(_ request: Request) throws {
        let host = request.head.authority ?? ""
        if let origin = request.headers[.origin] {
            guard HostName(origin: origin)?.isOrigin(ofHost: host) == true else { throw Problem.foreignOrigin }
        }
    }

    /// The same, in the words that browsers add to requests, but not to all that open a WebSocket.
    private static func checkSite(_ request: Request) throws {
        if let site = request.headers[.secFetchSite], site != "same-origin", site != "none" {
            throw Problem.foreignOrigin
        }
    }

    /// Whether the session's token against forged requests came too: in the header, or in the field `csrf` of a form.
    private static func carriesGuard(_ request: inout Request, _ expected: String) async throws -> Bool {
        var sent = request.headers[.forgeryGuard]
        if sent == nil, request.hasContent("application/x-www-form-urlencoded") {
            let bytes = try await request.bodyBytes()
            sent = FormFields(bytes)?.values["csrf"]
            request.body = .init(buffer: ByteBuffer(bytes: bytes))
        }
        return sent.map { SecretToken.isGuard($0, expected) } ?? false
    }

    static func isSafe(_ method: HTTPRequest.Method) -> Bool { [.get, .head, .options].contains(method) }

    private static func bearer(_ header: String) -> String? {
        let parts = header.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0].lowercased() == "bearer" else { return nil }
        return parts[1].trimmingCharacters(in: .whitespaces)
    }

    /// The session that is meant: that of the portal that `X-Drizzl-Portal`, a stream's `portal` or the path names, or else
    /// the first.
    private static func session(_ request: Request, _ cookies: [String: String]) -> (Visitor.Kind, String)? {
        guard !cookies.isEmpty else { return nil }
        let shown = Visitor.Kind.allCases.compactMap { kind in
            cookies[PortalCookie.session(kind)].map { (kind, $0) }
        }
        let first = request.uri.path.utf8.split(separator: UInt8(ascii: "/"), maxSplits: 1).first
            .map { String(Substring($0)) }
        let said =
            request.headers[.portal]
            ?? (request.uri.path == LiveRoutes.path ? request.uri.queryParameters["portal"].map { String($0) } : nil)
        let named = (said ?? first).flatMap { Visitor.Kind(portal: $0) }
        return shown.first { $0.0 == named } ?? (said == nil ? shown.first : nil)
    }
}

extension Request {
    /// Whether a browser says that a page of ours made the request.
    ///
    /// Asked for with forms, which any page may send anywhere; that the origin is ours was seen at the door.
    public var isFromOwnPage: Bool {
        headers[.origin] != nil || headers[.secFetchSite] == "same-origin"
    }
}
