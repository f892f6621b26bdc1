import Foundation
import StateMachines
import Testing

/// What is wrong with the YAML itself, before anybody asks what it means.
@Suite struct YAMLRefusalTests {
    private func faults(_ text: String) -> [String] {
        WorkflowFiles.load(texts: [("vocabulary.yaml", ""), ("m.yaml", text)]).faults
            .filter { $0.location.file == "m.yaml" }
            .map { "\($0.location.line):\($0.location.column) \($0.code)" }
    }

    @Test(arguments: [
        ("a: 1\na: 2\n", ["2:1 W003"]),
        ("a: { b: 1, b: 2, b: 3 }\n", ["1:12 W003", "1:18 W003"]),
        ("a:\n  b: 1\n  c: 2\n  b: 3\nd: { e: 1, e: 2 }\na: 2\n", ["4:3 W003", "5:12 W003", "6:1 W003"]),
        ("\"a\": 1\n'a': 2\na: 3\n", ["2:1 W003", "3:1 W003"]),
        ("été: 1\né: 2\nété: 3\n", ["3:1 W003"]),
        ("list:\n  - { x: 1, x: 2 }\n  - { y: 1, y: 2 }\n", ["2:13 W003", "3:13 W003"]),
    ]) func `every key that stands twice is found where it stands the second time`(text: String, expected: [String]) {
        #expect(faults(text).filter { $0.hasSuffix("W003") } == expected)
    }

    @Test func `the first of two equal keys is the one that counts`() {
        let text = GoodFiles.order.replacing("title: Order\n", with: "title: Order\ntitle: Another\n")
        let loaded = GoodFiles.load(["order.yaml": text])
        #expect(loaded.faults.map(\.description) == ["order.yaml:4:1: W003 \"title\" stands twice; first in line 3"])
        #expect(loaded.files.machine(named: "order")?.title == "Order")
    }

    @Test(arguments: [
        ("a: b: c\n", "1:5 W000"), ("a: [1, 2\n", "2:1 W000"), ("a: \"b\n", "2:1 W000"), ("a:\n\tb: 1\n", "2:1 W000"),
        ("a: 1\n  b: 2\n", "2:4 W000"), ("a: @b\n", "1:4 W000"), ("a: %b\n", "1:4 W000"),
        ("a: 1\n---\nb: 2\n", "2:1 W000"),
        ("a: &x 1\nb: *x\n", "1:4 W000"), ("a: *x\n", "1:4 W000"), ("a: !!str 1\n", "1:4 W000"),
        ("a: !own 1\n", "1:4 W000"),
        ("a: &x [1]\n", "1:4 W000"), ("a: { <<: { b: 1 } }\n", "1:6 W000"), ("? [a]\n: 1\n", "1:3 W000"),
        ("", "1:1 W000"),
        ("# nothing\n", "1:1 W000"), ("- a\n- b\n", "1:1 W000"), ("only text\n", "1:1 W000"),
        ("a: b\u{0}c\n", "1:5 W000"), ("a: b\u{85}c: d\n", "1:5 W000"), ("\u{FEFF}a: b\n", "1:1 W000"),
        ("a: \"b\u{2028}\"\n", "1:6 W000"),
    ]) func `what is no plain YAML is refused where it stands`(text: String, expected: String) {
        #expect(faults(text).contains(expected), "\(faults(text))")
    }

    @Test func `every tab that indents is told`() {
        #expect(faults("a:\n\tb: 1\n \tc: 2\nd: e\tf\n") == ["2:1 W000", "3:2 W000"])
    }

    @Test func `windows line ends are lines`() {
        let loaded = GoodFiles.load(["parcel.yaml": GoodFiles.parcel.replacing("\n", with: "\r\n")])
        #expect(loaded.faults == [])
        let twice = "a: 1\r\nb: 2\r\na: 3\r\n"
        #expect(faults(twice).contains("3:1 W003"))
    }

    @Test func `deep nesting is refused and does not exhaust the stack`() {
        #expect(
            faults(String(repeating: "[", count: 500) + String(repeating: "]", count: 500)).contains {
                $0.hasSuffix("W000")
            })
        #expect(faults(String(repeating: "[", count: 200_000)).contains { $0.hasSuffix("W000") })
        #expect(faults(String(repeating: "- ", count: 200_000)).contains { $0.hasSuffix("W000") })
    }

    @Test func `aliases that multiply are refused without being followed`() {
        var text = "a0: &a0 [x, x]\n"
        for level in 1...60 { text += "a\(level): &a\(level) [*a\(level - 1), *a\(level - 1)]\n" }
        #expect(faults(text).contains("1:5 W000"))
    }

    @Test func `a text of more than a megabyte is refused`() {
        let text = "a: " + String(repeating: "x", count: 1_048_576)
        #expect(faults(text) == ["1:1 W000"])
    }
}

@Suite struct DirectoryTests {
    private func withFolder(_ body: (URL) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "workflows-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try body(folder)
    }

    @Test func `a folder is read file by file, each with its own faults`() throws {
        try withFolder { folder in
            for (name, text) in GoodFiles.texts { try Data(text.utf8).write(to: folder.appending(path: name)) }
            try Data([0x61, 0x3A, 0x20, 0x0A, 0x62, 0xFF]).write(to: folder.appending(path: "latin.yaml"))
            try Data("a: b".utf8).write(to: folder.appending(path: "short.yml"))
            try Data(count: 2_000_000).write(to: folder.appending(path: "large.yaml"))
            try Data("a: [".utf8).write(to: folder.appending(path: "notes.txt"))
            let scenarios = folder.appending(path: "scenarios")
            try FileManager.default.createDirectory(at: scenarios, withIntermediateDirectories: true)
            try Data("a: [".utf8).write(to: scenarios.appending(path: "one.yaml"))
            try FileManager.default.createDirectory(
                at: folder.appending(path: "folder.yaml"), withIntermediateDirectories: true)

            let loaded = WorkflowFiles.load(directory: folder)
            #expect(loaded.files.machines.map(\.name.text) == ["order", "parcel"])
            let places = loaded.faults.map {
                "\($0.location.file.split(separator: "/").last ?? ""):\($0.location.line):\($0.location.column) \($0.code)"
            }
            #expect(
                places == [
                    "folder.yaml:1:1 W000", "large.yaml:1:1 W000", "latin.yaml:2:2 W000", "short.yml:1:1 W000",
                ])
            #expect(Checker().check(loaded.files) == [], "what could not be read is no reason for further faults")
        }
    }

    @Test func `a folder that is not there is one fault`() {
        let loaded = WorkflowFiles.load(directory: URL(filePath: "no/such/folder"))
        #expect(
            loaded.faults.map(\.description) == [
                "no/such/folder:1:1: W000 the folder of lifecycle files cannot be read"
            ])
    }

    @Test func `a folder without a vocabulary says so`() {
        let loaded = WorkflowFiles.load(texts: [("order.yaml", GoodFiles.order)])
        #expect(loaded.faults.map(\.location.description) == ["vocabulary.yaml:1:1"])
    }
}
