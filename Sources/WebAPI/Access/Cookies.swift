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

    private static let prefix = "__Host-drizzl_"

    static func session(_ kind: Visitor.Kind) -> String { prefix + kind.portal }
    static func device(_ kind: Visitor.Kind) -> String { "\(prefix)\(kind.portal)_device" }

    /// The values of our cookies of a request; of several with one name, the first.
    ///
    /// By bytes: it is done for every request, and characters take five times as long.
    static func all(in headers: HTTPFields) -> [String: String] {
        var cookies: [String: String] = [:]
        for header in headers[values: .cookie] {
            for pair in header.utf8.split(separator: UInt8(ascii: ";")) {
                let sides = pair.split(separator: UInt8(ascii: "="), maxSplits: 1)
                guard sides.count == 2 else { continue }
                let name = Substring(sides[0].drop { $0 == UInt8(ascii: " ") })
                guard name.hasPrefix(prefix), cookies[String(name)] == nil else { continue }
                cookies[String(name)] = String(Substring(sides[1].prefix { $0 != UInt8(ascii: " ") }))
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
