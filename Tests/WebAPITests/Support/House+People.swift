import Accounts
import Database
import Foundation
import StateMachines
import WebAPI

/// What a browser has after it signed in.
struct Browser: Sendable {
    /// The cookies, by name.
    var cookies: [String: String]
    var csrf: String

    /// What it sends with each request.
    var headers: [String: String] {
        [
            "Cookie": cookies.map { "\($0)=\($1)" }.sorted().joined(separator: "; "), "X-CSRF-Token": csrf,
            "Authorization": "",
        ]
    }
}

extension House {
    static let password = "seven frozen mangoes"

    /// Makes somebody who can sign in with ``password``.
    @discardableResult
    func person(_ kind: Visitor.Kind, _ email: String, role: String? = nil) async throws -> UUID {
        let (id, hash) = (UUID.v7(), try PasswordHash(of: House.password).text)
        let insert: SQL =
            switch kind {
            case .admin:
                """
                INSERT INTO admins (id, email, first_name, last_name, role, password_hash)
                VALUES (\(id), \(email), 'Grace', 'Hopper', \(role ?? "admin"), \(hash))
                """
            case .salesRep:
                """
                INSERT INTO sales_reps (id, email, first_name, last_name, phone, time_zone, employee_id, title, role,
                    password_hash)
                VALUES (\(id), \(email), 'Sarah', 'Johnson', '555', 'UTC', \(email), 'Rep', \(role ?? "rep"), \(hash))
                """
            case .partnerUser:
                """
                INSERT INTO partner_users (id, partner_id, email, first_name, last_name, role, time_zone, password_hash)
                SELECT \(id)::uuid, p.id, \(email)::citext, 'Maya', 'Flores', \(role ?? "owner")::text, 'UTC', \(hash)::text
                FROM partners p
                """
            }
        _ = try await pool.query(insert)
        return id
    }

    /// Switches the second factor of admins on or off for the house.
    func demandTimeCode(_ isDemanded: Bool) async throws {
        _ = try await pool.query(
            "UPDATE settings SET value = to_jsonb(\(isDemanded)) WHERE key = 'security.totp_required'")
    }

    /// Tries to sign in.
    func signIn(
        _ kind: Visitor.Kind, _ email: String, password: String = House.password, totp: String? = nil,
        cookies: String = ""
    ) async throws -> Answer {
        var body: [String: JSONValue] = [
            "portal": .string(kind.portal), "email": .string(email), "password": .string(password),
        ]
        body["totp"] = totp.map(JSONValue.string)
        return try await post(
            JSONValue.object(body).json,
            headers: ["Cookie": cookies, "X-CSRF-Token": "", "User-Agent": "Firefox/140.0 (Linux)"],
            to: "/api/v1/session")
    }

    /// Signs in, which has to succeed.
    func browser(_ kind: Visitor.Kind, _ email: String, totp: String? = nil) async throws -> Browser {
        let answer = try await signIn(kind, email, totp: totp)
        guard answer.status == 200, let csrf = answer["csrf_token"]?.text else {
            throw NotSignedIn(text: answer.raw.text)
        }
        return Browser(cookies: answer.raw.cookies, csrf: csrf)
    }

    struct NotSignedIn: Error { var text: String }
}

extension RawAnswer {
    /// The cookies that it sets.
    var cookies: [String: String] {
        Dictionary(
            setCookies.compactMap { line in
                let sides = line.prefix { $0 != ";" }.split(separator: "=", maxSplits: 1)
                return sides.count == 2 ? (String(sides[0]), String(sides[1])) : nil
            }, uniquingKeysWith: { $1 })
    }
}
