import Database
import Foundation
import Jobs
import TestSupport
import Testing

@testable import Drizzl

@Suite struct SecretKeyTests {
    private func key(_ byte: UInt8) -> String { Data(repeating: byte, count: 32).base64EncodedString() }

    private func settings(_ keys: [String: String]) throws -> Settings {
        try Settings(keys.merging(["DRIZZL_HOME": DrizzlProcess.root.path]) { own, _ in own })
    }

    @Test func `after the key was changed, what the old one sealed still opens`() throws {
        let before = try settings(["DRIZZL_SECRET_KEY": key(1)]).payloadSeal()
        let after = try settings(["DRIZZL_SECRET_KEY": key(2), "DRIZZL_EARLIER_SECRET_KEYS": "\(key(1)), \(key(0))"])
            .payloadSeal()
        let sealed = try before.seal(.init(text: #"{"n": 1}"#), kind: "do")
        #expect(try after.open(sealed, kind: "do").text == #"{"n": 1}"#)
        #expect(after.keyIDs.count == 3)
        #expect(after.currentKeyID != before.currentKeyID)
        let new = try after.seal(.init(text: "{}"), kind: "do")
        #expect(throws: PayloadSealError.unknownKey(id: after.currentKeyID)) { try before.open(new, kind: "do") }
    }

    @Test func `an earlier key that is none is refused, and not repeated`() throws {
        for text in ["c2hvcnQ=", "\(key(1)),x", "\(key(1)),,\(key(2))x"] {
            let error = #expect(throws: SettingsError.self) {
                try settings(["DRIZZL_SECRET_KEY": key(2), "DRIZZL_EARLIER_SECRET_KEYS": text])
            }
            #expect(error?.faults.count == 1)
            #expect(error?.description.contains(text) == false)
        }
    }

    @Test func `operators read which key is still needed, and which one is missing`() throws {
        let seal = try settings(["DRIZZL_SECRET_KEY": key(2), "DRIZZL_EARLIER_SECRET_KEYS": key(1)]).payloadSeal()
        let old = try #require(seal.keyIDs.first { $0 != seal.currentKeyID })
        let lines = DoctorCommand.lines(about: [], seal)
        #expect(lines.count == 2)
        #expect(lines.contains { $0.contains(old) && $0.hasSuffix("0 live sealed jobs; opens; no job needs it") })
        #expect(lines.contains { $0.contains(seal.currentKeyID) && $0.hasSuffix("seals") })
    }
}
