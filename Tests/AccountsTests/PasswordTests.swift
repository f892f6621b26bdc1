import Foundation
import Testing

@testable import Accounts

/// What is kept of a password, and which are taken.
@Suite struct PasswordTests {
    private static let policy = PasswordPolicy(common: ["password", "iloveyou", "trustno1", "Correct Horse Battery"])

    @Test func `a hash is Argon2id with the promised cost, and knows its password alone`() throws {
        let hash = try PasswordHash(of: "seven frozen mangoes")
        #expect(hash.text.hasPrefix("$argon2id$v=19$m=19456,t=2,p=1$"))
        #expect(hash.matches("seven frozen mangoes"))
        #expect(!hash.matches("seven frozen mango"))
        #expect(try PasswordHash(of: "seven frozen mangoes") != hash)
        #expect(!hash.isOutdated)
    }

    @Test func `a hash that was made cheaper still opens, and is to be made anew`() throws {
        let cheap = try PasswordHash(of: "seven frozen mangoes", cost: .init(kibibytes: 1_024, passes: 2, lanes: 1))
        #expect(cheap.matches("seven frozen mangoes"))
        #expect(cheap.isOutdated)
        #expect(!PasswordHash(text: "nonsense").matches("nonsense"))
        #expect(PasswordHash(text: "nonsense").isOutdated)
    }

    @Test(arguments: [
        ("password1234", "common_password"), ("Password!2024", "common_password"), ("iloveyou12345", "common_password"),
        ("correct horse battery", "common_password"), ("123456789012", "common_password"),
        ("aaaaaaaaaaaaa", "common_password"), ("abcabcabcabc", "common_password"),
        ("Lovelace1815!", "common_password"), ("elevenchars", "too_short"),
        (String(repeating: "ab c", count: 33), "too_long"),
    ])
    func `a password that everybody tries first is refused with the reason`(password: String, code: String) {
        let fault = #expect(throws: PasswordPolicy.Fault.self) {
            try Self.policy.check(password, of: ["Ada Lovelace", "ada@drizzl.example"])
        }
        #expect(fault?.code == code)
        #expect(fault?.message.isEmpty == false)
    }

    @Test(arguments: [
        "seven frozen mangoes", "xkvj qwpe mzla", "ünïcödé wörds", String(repeating: "x", count: 127) + "y",
    ])
    func `a password of any kind is taken when it is long enough and not usual`(password: String) throws {
        try Self.policy.check(password, of: ["Ada Lovelace"])
    }

    @Test func `the installed list of common passwords is found and used`() throws {
        let policy = try PasswordPolicy(listAt: PasswordPolicy.usualList)
        #expect(throws: PasswordPolicy.Fault.self) { try policy.check("password1234") }
        #expect(throws: PasswordPolicy.MissingList.self) { try PasswordPolicy(listAt: "/nonexistent") }
    }

    @Test func `no more are hashed at once than there is memory for`() async throws {
        let hasher = try PasswordHasher(threads: 1, limit: 3)
        let outcomes = await withTaskGroup(of: Bool?.self, returning: [Bool?].self) { group in
            for _ in 0..<12 { group.addTask { try? await hasher.matches("seven frozen mangoes", nil) } }
            return await group.reduce(into: []) { $0.append($1) }
        }
        // Whoever was turned away gets nil; an account that is not there is never right.
        #expect(outcomes.contains(nil))
        #expect(outcomes.contains(false))
        #expect(!outcomes.contains(true))
        #expect(try await hasher.matches("seven frozen mangoes", try await hasher.hash("seven frozen mangoes")))
    }

    @Test func `fifty sign-ins at once leave the threads that answer requests free`() async throws {
        let (hasher, done) = (try PasswordHasher(), Done())
        let doneMeanwhile = try await withThrowingTaskGroup(of: Void.self, returning: Int.self) { group in
            for _ in 0..<50 {
                group.addTask {
                    _ = try await hasher.matches("seven frozen mangoes", nil)
                    await done.add()
                }
            }
            // On those threads, each of these turns would stand in line behind all fifty.
            for _ in 0..<5 { try await Task.sleep(for: .milliseconds(1)) }
            let count = await done.count
            try await group.waitForAll()
            return count
        }
        #expect(doneMeanwhile < 25)
        #expect(await done.count == 50)
    }

    private actor Done {
        var count = 0
        func add() { count += 1 }
    }
}
