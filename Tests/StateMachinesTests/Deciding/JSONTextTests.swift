import Foundation
import StateMachines
import Testing

@Suite struct JSONTextTests {
    @Test(arguments: [
        JSONValue.null, true, false, 0, -1, .integer(.max), .integer(.min), .number(0.1), .number(-2.5e300), "",
        "plain",
        "\"quoted\" \\ back", "line\nreturn\rtab\t", "\u{0}\u{1}\u{1f}\u{7f}", "é 漢 🧊 \u{2028}", "a/b", .array([]),
        .object([:]), .array([1, "two", .array([.null])]),
        .object(["b": 1, "a": .object(["\"": "\\", "é": .array([true])])]),
    ])
    func `what is written is read again by anybody`(value: JSONValue) throws {
        let data = Data(value.json.utf8)
        #expect(try JSONDecoder().decode(JSONValue.self, from: data) == value)
        #expect(throws: Never.self) { try JSONSerialization.jsonObject(with: data, options: .fragmentsAllowed) }
    }

    @Test func `equal values have equal texts, whatever order their names came in`() {
        let one: JSONValue = .object(["a": 1, "b": 2, "é": 3, "B": 4])
        let other: JSONValue = .object(["é": 3, "B": 4, "b": 2, "a": 1])
        #expect(one.json == other.json)
        #expect(one.json == #"{"B":4,"a":1,"b":2,"é":3}"#)
    }

    @Test func `a number that is none is written as nothing`() {
        #expect(JSONValue.array([.number(.nan), .number(.infinity)]).json == "[null,null]")
    }
}
