import StateMachines
import Testing

/// A change to one of ``GoodFiles`` and the fault that it has to make.
struct Mistake: Sendable, CustomTestStringConvertible {
    let code: String
    let file: String
    private(set) var changes: [(old: String, new: String)]
    /// Where the fault is reported: the file, and a text of the line.
    private(set) var place: (file: String, line: String)
    /// Faults that cannot but follow from the mistake.
    private(set) var others: Set<String> = []

    init(_ code: String, _ file: String, _ old: String, _ new: String, at line: String) {
        (self.code, self.file, changes) = (code, file + ".yaml", [(old, new)])
        place = (self.file, line)
    }

    /// A further change that the mistake needs.
    func and(_ old: String, _ new: String) -> Mistake {
        var copy = self
        copy.changes.append((old, new))
        return copy
    }

    /// Allows faults that cannot but follow.
    func also(_ codes: String...) -> Mistake {
        var copy = self
        copy.others = Set(codes)
        return copy
    }

    /// The fault is reported in another file than the changed one.
    func reported(in file: String) -> Mistake {
        var copy = self
        copy.place.file = file + ".yaml"
        return copy
    }

    var testDescription: String { "\(code) \(place.line)" }

    /// The file with the mistake in it; nil when a change fits nowhere or in two places.
    var text: String? {
        changes.reduce(GoodFiles.texts[file]) { text, change in
            guard let text, text.ranges(of: change.old).count == 1 else { return nil }
            return text.replacing(change.old, with: change.new)
        }
    }
}

@Suite struct SeededMistakeTests {
    @Test func `files without a mistake have no fault`() {
        let loaded = GoodFiles.load()
        #expect(loaded.faults.map(\.description) == [])
        #expect(Checker().check(loaded.files).map(\.description) == [])
    }

    @Test(arguments: Mistake.all) func `each mistake makes its fault and no other`(_ mistake: Mistake) throws {
        let text = try #require(mistake.text, "the change fits nowhere, or in two places")
        let report = CheckReport(GoodFiles.load([mistake.file: text]))
        let expected = mistake.others.union([mistake.code])
        #expect(Set(report.faults.map(\.code)) == expected, "\(report.text())")

        let reported = mistake.place.file == mistake.file ? text : GoodFiles.texts[mistake.place.file] ?? ""
        let lines = reported.split(separator: "\n", omittingEmptySubsequences: false)
        let line = try #require(lines.firstIndex { $0.contains(mistake.place.line) }, "no line holds the text") + 1
        let isThere = report.faults.contains {
            $0.code == mistake.code && $0.location.file == mistake.place.file && $0.location.line == line
        }
        #expect(isThere, "not in line \(line): \(report.text())")
    }

    @Test func `every code of the table has its mistake`() {
        let unseeded: Set<String> = ["W000", "W002", "W003"]  // Of reading; see Loading/.
        let ranges = [
            0...3, 10...14, 20...25, 30...35, 37...37, 40...42, 50...53, 60...64, 70...82, 90...96, 100...102,
            104...109,
            113...114, 120...121, 130...130, 140...143,
        ]
        let codes = Set(ranges.joined().map { "W" + String($0 + 1000).dropFirst() }).subtracting(unseeded)
        #expect(codes.subtracting(Mistake.all.map(\.code)).sorted() == [])
    }
}
