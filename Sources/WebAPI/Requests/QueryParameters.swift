import Hummingbird
import HummingbirdCore
import StateMachines

/// The query of a list, of which every parameter is known and right, or the request is refused.
struct QueryParameters {
    let values: [String: String]
    private(set) var faults: [Refusal.Reason] = []

    /// Reads a query.
    ///
    /// - Parameters:
    ///   - uri: The address.
    ///   - known: The parameters that there are.
    init(_ uri: URI, known: [String]) {
        self.init(uri.queryParameters.map { (String($0.key), String($0.value)) }, known: known)
    }

    /// Reads what was given, by name.
    init(_ given: [(String, String)], known: [String]) {
        var values: [String: String] = [:]
        for (name, value) in given {
            if !known.contains(name) {
                let list = known.isEmpty ? "there are none here" : "there are \(known.joined(separator: ", "))"
                faults.append(
                    .init(
                        code: "parameter_unknown", message: "\"\(name.prefix(64))\" is no parameter; \(list).",
                        field: name))
            } else if values.updateValue(value, forKey: name) != nil {
                faults.append(.init(code: "parameter_repeated", message: "\"\(name)\" stands twice.", field: name))
            }
        }
        self.values = values
    }

    /// A whole number in a range.
    mutating func integer(_ name: String, in range: ClosedRange<Int>, usual: Int) -> Int {
        guard let text = values[name] else { return usual }
        if text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(text), range.contains(number) {
            return number
        }
        faults.append(
            .init(
                code: "parameter_invalid",
                message: "\"\(name)\" must be a whole number from \(range.lowerBound) to \(range.upperBound).",
                field: name))
        return usual
    }

    /// One of some words.
    mutating func choice(_ name: String, of words: [String]) -> String? {
        guard let text = values[name] else { return nil }
        if words.contains(text) { return text }
        faults.append(
            .init(
                code: "parameter_invalid", message: "\"\(name)\" must be one of \(words.joined(separator: ", ")).",
                field: name))
        return nil
    }

    /// Looks at a parameter's value by what it has to be.
    mutating func check(_ parameter: Parameter) {
        guard let text = values[parameter.name] else {
            if parameter.isRequired {
                faults.append(
                    .init(
                        code: "parameter_missing", message: "\"\(parameter.name)\" is missing.",
                        field: parameter.name))
            }
            return
        }
        faults += parameter.schema.faults(in: parameter.schema.value(of: text), at: parameter.name).map {
            .init(code: "parameter_invalid", message: $0.message, field: parameter.name)
        }
    }

    /// Refuses the request when anything was wrong.
    ///
    /// - Throws: ``Problem`` 422 with every fault at once.
    func check() throws(Problem) {
        guard faults.isEmpty else { throw Problem(.unprocessableContent, faults: faults) }
    }
}
