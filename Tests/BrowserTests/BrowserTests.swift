import Foundation
import TestSupport
import Testing

/// The pages as people have them: in Debian's Chromium, which Playwright drives.
@Suite struct BrowserTests {
    /// One site for all of it, since planting the demo takes longer than most checks.
    @Test func `pages hold in a real browser`() async throws {
        try await Site.with { site in
            for check in ["design", "pages", "live", "lifecycles", "records", "desk", "ops", "budget"] {
                for fault in try await site.faults(of: check) { Issue.record("\(check): \(fault)") }
            }
            for fault in try await Self.restartFaults(site) { Issue.record("restart: \(fault)") }
        }
    }

    /// Stops and starts the server when the check asks for it, by files in a folder that both know.
    private static func restartFaults(_ site: Site) async throws -> [String] {
        let hands = FileManager.default.temporaryDirectory.appending(path: "hands-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: hands, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: hands) }
        async let found = site.faults(of: "restart", [hands.path])
        do {
            try await isThere("stop", in: hands)
            await site.stop()
            try Data().write(to: hands.appending(path: "stopped"))
            try await isThere("start", in: hands)
            try await site.start()
            try Data().write(to: hands.appending(path: "started"))
        } catch {
            // What the check says tells more than that it did not ask.
            return try await found + ["\(error)"]
        }
        return try await found
    }

    private static func isThere(_ name: String, in folder: URL) async throws {
        try await eventually("the check asks: \(name)") {
            FileManager.default.fileExists(atPath: folder.appending(path: name).path)
        }
    }
}
