import Foundation

/// All cases, for programs.
struct Report: Encodable {
    /// The product's median by the limit's, for each case; what has no limit stands for itself.
    let ratios: [String: Double]
    /// The figures of every round.
    let figures: [Measure]

    init(_ measures: [Measure]) {
        ratios = Dictionary(measures.map { ($0.name, $0.ratio) }) { first, _ in first }
        figures = measures
    }

    /// As JSON.
    func text() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }
}
