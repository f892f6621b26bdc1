import WebAPI

/// Which columns of a list somebody wants to see: those of the address, or else the usual ones.
///
/// Whatever a record's page tells of one can be a column of the list too.
struct ColumnChoice: Sendable {
    /// What the address calls it.
    static let parameter = "columns"

    /// Every column that there can be, the usual ones first.
    let offered: [Shown]
    /// Those that are shown, in the order in which they are offered.
    let chosen: [Shown]
    /// Whether these are the usual ones.
    let isUsual: Bool

    /// - Parameters:
    ///   - kind: Whose list it is.
    ///   - asked: What the address has, each one key or several with commas between; what is no column is passed over.
    init(of kind: RecordKind, asked: [String] = []) {
        var known: Set<String> = [kind.name.key]
        offered = (kind.columns + kind.facts).filter { known.insert($0.key).inserted }
        let keys = Set(asked.flatMap { $0.split(separator: ",").map(String.init) })
        let wanted = offered.filter { keys.contains($0.key) }
        isUsual = wanted.isEmpty || wanted.map(\.key) == kind.columns.map(\.key)
        chosen = wanted.isEmpty ? kind.columns : wanted
    }

    /// What the address has for it; nil for the usual ones.
    var query: String? { isUsual ? nil : chosen.map(\.key).joined(separator: ",") }
}

extension Shown {
    /// Its label as the address has it: `last-f` for "Last °F".
    var key: String {
        label.lowercased().split { !($0.isASCII && ($0.isLetter || $0.isNumber)) }.joined(separator: "-")
    }
}
