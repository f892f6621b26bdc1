import Accounts
import ArgumentParser
import Database
import Foundation
import StateMachines
import Workflows

/// `drizzl admin`: accounts of the company, made by whoever has the database.
struct AdminCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "admin", abstract: "Make accounts of the company.", subcommands: [Create.self])

    /// `drizzl admin create`.
    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make an admin, and print the link with which they choose a password.",
            discussion: """
                The link is good for 48 hours. With --password the password is read from the standard input instead, \
                one line.
                """)

        @Option(help: "The address they sign in with.")
        var email: String

        @Option(help: "admin, super_admin or manager.")
        var role: Role = .admin

        @Option(help: "What they are called, first name and last.")
        var name: String?

        @Option(help: "A permission beyond the role's own; may be given several times.")
        var permission: [String] = []

        @Flag(help: "Read the password from the standard input.")
        var password = false

        enum Role: String, ExpressibleByArgument, CaseIterable {
            case admin
            case superAdmin = "super_admin"
            case manager
        }

        func validate() throws {
            guard email.split(separator: "@", omittingEmptySubsequences: false).map(\.isEmpty) == [false, false],
                email.utf8.count <= 254
            else { throw ValidationError("\"\(email)\" is no e-mail address.") }
            let grantable = Permission.grantable.map(\.rawValue)
            for word in permission where !grantable.contains(word) {
                throw ValidationError(
                    "\"\(word)\" is no permission that can be granted; there are \(grantable.joined(separator: ", ")).")
            }
        }

        func run() async throws {
            let settings = try Settings.current()
            let pool = Pool(settings.database(at: try settings.demandDatabaseURL(), role: "drizzl_app"))
            do {
                say(try await create(settings, pool))
                await pool.close()
            } catch {
                await pool.close()
                throw error
            }
        }

        private func create(_ settings: Settings, _ pool: Pool) async throws -> String {
            let hash = password ? try typedPassword(settings) : nil
            let words = (name ?? String(email.prefix { $0 != "@" })).split(separator: " ", maxSplits: 1)
            let (first, last) = (String(words.first ?? ""), words.count > 1 ? String(words[1]) : "")
            let (id, now, token) = (UUID.v7(), settings.now(), SecretToken.make())
            let granted = Set(permission).sorted()
            let insert: SQL = """
                INSERT INTO admins (id, email, first_name, last_name, role, permissions, password_hash)
                VALUES (\(id), \(email), \(first), \(last), \(role.rawValue), \(granted), \(hash?.text))
                """
            let audit = AuditEntry(
                actor: .system, action: "admin.create", subjectType: "admin", subjectID: id,
                after: ["role": .string(role.rawValue), "permissions": .array(granted.map { .string($0) })],
                reason: "drizzl admin create", at: now)
            let link = PasswordLink.keep(token, for: .admin, id, purpose: .invitation, now: now)
            do {
                try await pool.transaction { session in
                    _ = try session.pipeline([insert, audit.insert] + (hash == nil ? [link] : []))
                }
            } catch let error as DatabaseError where error.sqlState == "23505" {
                throw ValidationError("There is an admin with the address \(email) already.")
            }
            guard hash == nil else { return "\(email) can sign in at \(settings.publicURL)/admin/login" }
            return """
                \(email) chooses a password here, within 48 hours:
                \(settings.publicURL)/admin/invitation?token=\(token)
                """
        }

        private func typedPassword(_ settings: Settings) throws -> PasswordHash {
            guard let typed = readLine(strippingNewline: true) else {
                throw ValidationError("No password came on the standard input.")
            }
            do {
                try PasswordPolicy(listAt: settings.commonPasswords).check(typed, of: [email, name ?? ""])
            } catch let fault as PasswordPolicy.Fault {
                throw ValidationError(fault.message)
            }
            return try PasswordHash(of: typed)
        }
    }
}
