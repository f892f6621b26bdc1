import Database
import Foundation
import Testing

@Suite struct UUIDTests {
    @Test func `version 7 carries its time, version and variant`() {
        let moment = Date(timeIntervalSince1970: 1_645_557_742)
        let text = UUID.v7(at: moment).uuidString
        // The example of RFC 9562, appendix A.6.
        #expect(text.hasPrefix("017F22E2-79B0-7"))
        #expect("89AB".contains(text[text.index(text.startIndex, offsetBy: 19)]))
    }

    @Test func `later ones are greater, made as fast as can be and from several threads`() async {
        let made = (0..<10_000).map { _ in UUID.v7().uuidString }
        #expect(made == made.sorted())
        await withTaskGroup(of: [String].self) { group in
            for _ in 0..<4 { group.addTask { (0..<2_000).map { _ in UUID.v7().uuidString } } }
            let all = await group.reduce(into: [String]()) { $0 += $1 }
            #expect(Set(all).count == 8_000)
        }
    }

    @Test func `those of one given moment keep the order of their making`() {
        let moment = Date(timeIntervalSince1970: 2_000_000_000)
        let made = (0..<100).map { _ in UUID.v7(at: moment).uuidString }
        #expect(made == made.sorted())
        #expect(UUID.v7(at: moment - 60).uuidString < made[0])
    }
}
