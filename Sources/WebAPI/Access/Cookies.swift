import Accounts
import HTTPTypes
import Hummingbird

/// The cookies of a portal: its session, and the device by which it is known again.
///
/// Names that begin with `__Host-` are taken by browsers over TLS (or from localhost) alone, for this host alone.
/// Source: SEC-01.
enum PortalCookie {
    /// How long a device is known, seconds: a year.
    private static let deviceAge = 365 * 86_400

    static func session(_ kind: Visitor.Kind) -> String { "__Host-drizzl_\(kind.portal)" }
    static func device(_ kind: Visitor.Kind) -> String { "__Host-drizzl_\(kind.portal)_device" }

    /// The values of all cookies of a request; of several with one name, the first.
    static func all(in headers: HTTPFields) -> [String: String] {
        var cookies: [String: String] = [:]
        for header in headers[values: .cookie] {
            for pair in header.split(separator: ";") {
                let sides = pair.split(separator: "=", maxSplits: 1)
                guard sides.count == 2 else { continue }
                let name = String(sides[0].drop { $0 == " " })
                if cookies[name] == nil { cookies[name] = String(sides[1].prefix { $0 != " " }) }
            }
        }
        return cookies
    }

    /// The headers that hand out a session and its device.
    static func set(_ session: NewSession, for kind: Visitor.Kind) -> [HTTPField] {
        [
            field(Self.session(kind), session.token, age: NewSession.cookieAge),
            field(device(kind), session.device, age: deviceAge),
        ]
    }

    /// The header that takes a session back; the device stays known.
    static func clear(_ kind: Visitor.Kind) -> HTTPField { field(session(kind), "", age: 0) }

    private static func field(_ name: String, _ value: String, age: Int) -> HTTPField {
        HTTPField(
            name: .setCookie, value: "\(name)=\(value); Path=/; Max-Age=\(age); Secure; HttpOnly; SameSite=Lax")
    }
}
