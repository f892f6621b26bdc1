import Foundation

/// All cases, for programs.
package struct BenchReport: Encodable {
    /// The product's median by the limit's, for each case; what has no limit stands for itself.
    let ratios: [String: Double]
    /// The figures of every round.
    let figures: [Measure]

    /// Puts the cases together.
    package init(_ measures: [Measure]) {
        ratios = Dictionary(measures.map { ($0.name, $0.ratio) }) { first, _ in first }
        figures = measures
    }

    /// As JSON.
    package func text() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }
}
