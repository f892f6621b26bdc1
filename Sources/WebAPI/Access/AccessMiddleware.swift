import Foundation
import HTTPTypes
import Hummingbird
public import HummingbirdCore

/// Lets in whom the policy allows, and no writes that a stranger's page makes in somebody's name.
struct AccessMiddleware: RouterMiddleware {
    typealias Context = DoorContext

    let policy: AccessPolicy

    /// Asked by load balancers, and telling nothing.
    private static let open: Set<String> = ["/healthz", "/readyz"]

    func handle(
        _ request: Request, context: Context,
        next: @concurrent (Request, Context) async throws -> Response
    ) async throws -> Response {
        try admit(request)
        if !Self.isSafe(request.method) { try admitWrite(request) }
        return try await next(request, context)
    }

    private func admit(_ request: Request) throws {
        switch policy {
        case .localOnly:
            guard HostName(request.head.authority ?? "")?.isLoopback == true else {
                throw Problem.forbidden(
                    "host_not_allowed",
                    "Only this machine is served, under the names 127.0.0.1, localhost and [::1].")
            }
        case .token(let digest):
            if Self.open.contains(request.uri.path) { return }
            guard let token = Self.token(in: request.headers[.authorization]), digest.matches(token) else {
                throw Problem(
                    .unauthorized, code: "not_signed_in", title: Problem.title(of: .unauthorized),
                    detail: "Send the token as \"Authorization: Bearer …\", or as the password of a Basic sign-in."
                ).with(.wwwAuthenticate, "Basic realm=\"Drizzl\", charset=\"UTF-8\"")
            }
        }
    }

    /// A browser says from which site a write comes; a program need not.
    private func admitWrite(_ request: Request) throws {
        let host = request.head.authority ?? ""
        if let origin = request.headers[.origin] {
            guard HostName(origin: origin)?.isOrigin(ofHost: host) == true else { throw Problem.foreignOrigin }
        }
        if let site = request.headers[.secFetchSite], site != "same-origin", site != "none" {
            throw Problem.foreignOrigin
        }
    }

    static func isSafe(_ method: HTTPRequest.Method) -> Bool { [.get, .head, .options].contains(method) }

    /// The token of a Bearer or Basic header.
    private static func token(in header: String?) -> String? {
        guard let header, let space = header.firstIndex(of: " ") else { return nil }
        let credentials = header[header.index(after: space)...].trimmingCharacters(in: .whitespaces)
        switch header[..<space].lowercased() {
        case "bearer": return credentials
        case "basic":
            guard let data = Data(base64Encoded: credentials), let pair = String(bytes: data, encoding: .utf8),
                let colon = pair.firstIndex(of: ":")
            else { return nil }
            return String(pair[pair.index(after: colon)...])
        default: return nil
        }
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
