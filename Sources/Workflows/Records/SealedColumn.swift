public import Database
import Foundation

/// A column in which sealed values are kept, so that they can be sealed anew when the key is changed.
public struct SealedColumn: Sendable, Hashable, CustomStringConvertible {
    /// The table.
    public let table: String
    /// The column.
    public let name: String
    /// The column that tells whose a value is.
    private let key: String
    /// The column that a value was sealed for.
    private let place: String

    private init(_ table: String, _ name: String, key: String = "id", place: String? = nil) {
        (self.table, self.name, self.key, self.place) = (table, name, key, place ?? name)
    }

    /// All of them.
    public static let all = [
        SealedColumn("admins", "totp_secret_enc"), SealedColumn("sales_reps", "totp_secret_enc"),
        SealedColumn("partner_users", "totp_secret_enc"),
        SealedColumn("totp_enrolments", "pending_enc", key: "user_id", place: "totp_secret_enc"),
        SealedColumn("partner_integrations", "access_token_enc"),
        SealedColumn("partner_integrations", "refresh_token_enc"), SealedColumn("webhook_endpoints", "secret_enc"),
        SealedColumn("webhook_endpoints", "earlier_enc", place: "secret_enc"), SealedColumn("partners", "tax_id_enc"),
        SealedColumn("outbound_emails", "secret_enc"),
    ]

    /// Its name, with its table's.
    public var description: String { "\(table).\(name)" }

    /// Seals every value anew that another key than the current one has sealed.
    ///
    /// A value that is changed meanwhile is left as it is: whoever changed it has the current key.
    ///
    /// - Parameters:
    ///   - box: The keys, those that are to go included.
    ///   - session: Of somebody who may write the table.
    /// - Returns: How many were sealed anew, and how many had been sealed with the current key already.
    /// - Throws: `DatabaseError`; `SecretBox.Fault` for a value that no key opens, naming nothing of it.
    public func reseal(with box: SecretBox, in session: Session) throws -> (anew: Int, current: Int) {
        let rows = try session.query(
            """
            SELECT \(unsafeUnescaped: key) AS id, \(unsafeUnescaped: name) AS sealed FROM \(unsafeUnescaped: table)
            WHERE \(unsafeUnescaped: name) IS NOT NULL
            """)
        var anew = 0
        for row in rows {
            let (id, bytes): (UUID, [UInt8]) = (try row.value("id"), try row.value("sealed"))
            guard let sealed = try box.reseal(SecretBox.Sealed(bytes: bytes), record: id, column: place) else {
                continue
            }
            try session.execute(
                """
                UPDATE \(unsafeUnescaped: table) SET \(unsafeUnescaped: name) = \(sealed.bytes)
                WHERE \(unsafeUnescaped: key) = \(id) AND \(unsafeUnescaped: name) = \(bytes)
                """)
            anew += 1
        }
        return (anew, rows.count - anew)
    }
}
