import Foundation
import StateMachines
import Testing

@Suite struct CheckReportTests {
    @Test func `files without a fault may run`() {
        let report = CheckReport(GoodFiles.load())
        #expect(!report.hasErrors)
        #expect(report.text() == "2 machines, no error\n")
    }

    @Test func `a warning is told and stops nothing`() throws {
        let mistake = try #require(Mistake.all.first { $0.code == "W053" })
        let report = CheckReport(GoodFiles.load([mistake.file: try #require(mistake.text)]))
        #expect(!report.hasErrors)
        #expect(report.text().hasSuffix("2 machines, no error, 1 warning\n"))
        #expect(report.text().hasPrefix("order.yaml:25:13: W053 warning: all outcomes of create lead to \"open\"\n"))
    }

    @Test func `programs get the same`() throws {
        let report = CheckReport(
            GoodFiles.load(["parcel.yaml": GoodFiles.parcel.replacing("who: [clerk]", with: "who: [boss]")]))
        let answer = try JSONDecoder().decode(Answer.self, from: Data(report.json().utf8))
        #expect(!answer.ok)
        #expect(answer.faults.map(\.code) == ["W020"])
        #expect(answer.faults.first.map { "\($0.file):\($0.line):\($0.column)" } == "parcel.yaml:29:11")
        #expect(report.text().hasSuffix("2 machines, 1 error\n"))
    }

    @Test func `a machine that cannot be read is not judged, and others that name it are not to blame`() {
        let report = CheckReport(GoodFiles.load(["parcel.yaml": "machine: parcel\nversion: ["]))
        #expect(report.faults.map { "\($0.location.file) \($0.code)" } == ["parcel.yaml W000"])
    }

    @Test func `a vocabulary that cannot be read makes no word unknown`() {
        let report = CheckReport(GoodFiles.load(["vocabulary.yaml": "roles: ["]))
        #expect(Set(report.faults.map { "\($0.location.file) \($0.code)" }) == ["vocabulary.yaml W000"])
    }

    @Test func `two machines of one name are told`() {
        let report = CheckReport(GoodFiles.load(["second.yaml": GoodFiles.parcel]))
        #expect(
            report.faults.map { "\($0.location.file):\($0.location.line) \($0.code)" }.prefix(2) == [
                "second.yaml:1 W012", "second.yaml:5 W001",
            ])
    }

    private struct Answer: Decodable {
        struct Item: Decodable {
            var code: String
            var file: String
            var line: Int
            var column: Int
        }

        var ok: Bool
        var faults: [Item]
    }
}
