import Foundation
import StateMachines
import TestSupport
import Testing

@testable import Workflows

/// Looks that no name which a lifecycle has code for is left without a test.
@Suite struct GuardCoverageTests {
    private static let tests: String = {
        let folder = URL(filePath: #filePath).deletingLastPathComponent()
        let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)?.compactMap {
            $0 as? URL
        }
        return (files ?? []).filter {
            $0.pathExtension == "swift" && $0.lastPathComponent != "GuardCoverageTests.swift"
        }
        .compactMap { try? String(contentsOf: $0, encoding: .utf8) }.joined()
    }()

    @Test("every guard of every lifecycle is named by a test of this module")
    func guards() throws {
        let lifecycles = Lifecycles.all(secrets: try SecretBox(keys: [1: [UInt8](repeating: 7, count: 32)], current: 1))
        for lifecycle in lifecycles {
            let missing = names(lifecycle).filter { !Self.tests.contains("\"\($0)\"") }
            #expect(missing.isEmpty, "\(type(of: lifecycle).machine): \(missing.joined(separator: ", "))")
        }
    }

    private func names(_ lifecycle: some Lifecycle) -> [String] { lifecycle.rules.guards.keys.sorted() }
}
