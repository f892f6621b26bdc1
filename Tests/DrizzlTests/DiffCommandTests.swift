import Foundation
import TestSupport
import Testing

@Suite struct DiffCommandTests {
    @Test func `two folders that mean the same do not differ, and one with faults is not compared`() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "workflows-\(UUID().uuidString)")
        let shipped = DrizzlProcess.root.appending(path: "workflows")
        try FileManager.default.copyItem(at: shipped, to: folder)
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appending(path: "ticket.yaml")
        let text = try String(contentsOf: path, encoding: .utf8)
        try text.replacing("version: 1\n", with: "version: 2\n").write(to: path, atomically: true, encoding: .utf8)
        let words = ["workflows", "diff", shipped.path, folder.path]
        #expect(try await DrizzlProcess.run(words, environment: [:]) == "no difference\n")
        let json = try await DrizzlProcess.run(words + ["--json"], environment: [:])
        #expect(json.contains("\"same\" : true"))
        try "machine: ticket\n".write(to: path, atomically: true, encoding: .utf8)
        let error = await #expect(throws: DrizzlProcess.Failure.self) {
            try await DrizzlProcess.run(words, environment: [:])
        }
        #expect(try #require(error).description.contains("exited with 1"))
    }
}
