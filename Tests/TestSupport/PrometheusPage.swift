/// A page of numbers in Prometheus' text format, read by the letter: whatever the format does not allow is refused.
public struct PrometheusPage: Sendable {
    /// Why a text is no such page.
    public struct Fault: Error, CustomStringConvertible {
        /// The line, from 1, and what is wrong.
        public let description: String
    }

    /// One number.
    public struct Sample: Sendable, Hashable {
        /// The whole name.
        public let name: String
        /// The labels.
        public let labels: [String: String]
    }

    /// All numbers.
    public private(set) var values: [Sample: Double] = [:]
    /// The type of each family.
    public private(set) var types: [String: String] = [:]

    private var family = ""
    private var line = 0

    /// Reads a page.
    ///
    /// - Parameter text: The page.
    /// - Throws: ``Fault`` for the first line that is wrong.
    public init(_ text: String) throws(Fault) {
        guard text.hasSuffix("\n") || text.isEmpty else { throw fault("the last line does not end") }
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        lines.removeLast()
        var helped = ""
        for content in lines {
            line += 1
            if content.hasPrefix("# HELP ") {
                helped = try name(content.dropFirst(7).prefix { $0 != " " })
                guard types[helped] == nil else { throw fault("\(helped) stands twice") }
            } else if content.hasPrefix("# TYPE ") {
                let words = content.split(separator: " ", omittingEmptySubsequences: false)
                guard words.count == 4, words[2] == helped else { throw fault("TYPE has to follow its HELP") }
                guard ["counter", "gauge", "histogram"].contains(words[3]) else { throw fault("no type: \(words[3])") }
                family = helped
                types[family] = String(words[3])
            } else {
                try read(content)
            }
        }
        try checkFamilies()
    }

    /// One number; nil when it is not there.
    public func value(_ name: String, _ labels: [String: String] = [:]) -> Double? {
        values[Sample(name: name, labels: labels)]
    }

    /// The sum of all numbers of a name with at least these labels.
    public func sum(_ name: String, _ labels: [String: String] = [:]) -> Double {
        values.filter { sample, _ in
            sample.name == name && labels.allSatisfy { sample.labels[$0.key] == $0.value }
        }.values.reduce(0, +)
    }

    private func fault(_ text: String) -> Fault { Fault(description: "line \(line): \(text)") }

    private func name(_ text: some StringProtocol, isLabel: Bool = false) throws(Fault) -> String {
        let isRight = text.unicodeScalars.enumerated().allSatisfy { position, scalar in
            let isLetter = scalar == "_" || ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar)
            return isLetter || scalar == ":" && !isLabel || position > 0 && ("0"..."9").contains(scalar)
        }
        guard isRight, !text.isEmpty else { throw fault("\"\(text)\" is no name") }
        return String(text)
    }

    private mutating func read(_ content: Substring) throws(Fault) {
        var rest = content.unicodeScalars[...]
        func take(_ scalar: Unicode.Scalar) -> Bool {
            guard rest.first == scalar else { return false }
            rest.removeFirst()
            return true
        }
        func word(_ isEnd: (Unicode.Scalar) -> Bool) -> String {
            let word = rest.prefix { !isEnd($0) }
            rest = rest[word.endIndex...]
            return String(word)
        }
        let name = try name(word { $0 == "{" || $0 == " " })
        var labels: [String: String] = [:]
        if take("{") {
            repeat {
                let label = try self.name(word { $0 == "=" }, isLabel: true)
                guard take("="), take("\"") else { throw fault("a value in quotes is missing") }
                var value = String.UnicodeScalarView()
                while let scalar = rest.popFirst(), scalar != "\"" {
                    guard scalar == "\\" else {
                        value.append(scalar)
                        continue
                    }
                    switch rest.popFirst() {
                    case "\\": value.append("\\")
                    case "\"": value.append("\"")
                    case "n": value.append("\n")
                    default: throw fault("there is no such escape")
                    }
                }
                guard labels.updateValue(String(value), forKey: label) == nil else { throw fault("\(label) twice") }
            } while take(",")
            guard take("}") else { throw fault("a brace is missing") }
        }
        guard take(" "), let value = Double(String(rest).replacing("Inf", with: "infinity")) else {
            throw fault("a number is missing")
        }
        guard isOfFamily(name) else { throw fault("\(name) does not belong to \(family)") }
        guard values.updateValue(value, forKey: Sample(name: name, labels: labels)) == nil else {
            throw fault("\(name) \(labels) stands twice")
        }
    }

    private func isOfFamily(_ name: String) -> Bool {
        guard types[family] == "histogram" else { return name == family }
        return ["_bucket", "_sum", "_count"].contains { name == family + $0 }
    }

    private func checkFamilies() throws(Fault) {
        for (family, type) in types {
            if type == "counter" {
                guard family.hasSuffix("_total"), values.allSatisfy({ $0.key.name != family || $0.value >= 0 }) else {
                    throw Fault(description: "\(family) is no counter")
                }
            }
            guard type == "histogram" else { continue }
            for (sample, count) in values where sample.name == family + "_count" {
                let buckets = values.filter { other, _ in
                    other.name == family + "_bucket" && other.labels.filter { $0.key != "le" } == sample.labels
                }
                let rising = buckets.sorted { Self.bound($0.key) < Self.bound($1.key) }
                guard rising.last.map({ Self.bound($0.key) }) == .infinity, rising.last?.value == count,
                    zip(rising, rising.dropFirst()).allSatisfy({ $0.value <= $1.value }),
                    values[Sample(name: family + "_sum", labels: sample.labels)] != nil
                else { throw Fault(description: "\(family) is no histogram") }
            }
        }
    }

    private static func bound(_ sample: Sample) -> Double {
        Double((sample.labels["le"] ?? "nan").replacing("Inf", with: "infinity")) ?? .nan
    }
}
