import Accounts

/// A row of the test's world, and who is to see it: the test's own statement of what belongs to whom.
struct PlantedRow {
    /// Who somebody is to the partner, lead or rep of a row.
    enum Relation { case users, rep, manager, admins }

    var table: Table
    var columns: String
    var values: String
    /// Who sees it.
    var seen: Set<String>
    /// Whose own it is among those, admins included: they all see what is the company's.
    var own: Set<String>

    static let admins: Set<String> = ["ada", "olga", "sue"]

    /// One row that just these see.
    init(_ table: Table, _ columns: String, _ values: String, seen: String, own: String? = nil) {
        (self.table, self.columns, self.values) = (table, columns, values)
        (self.seen, self.own) = (Self.names(seen), Self.names(own ?? seen))
    }

    /// A row of each of two partners that have nothing to do with each other; `@` stands for its name.
    ///
    /// `alpha` has the users al and bo and the rep rita, whose manager is max; `beta` has cy and di and rob, who has none.
    static func each(
        _ table: Table, _ columns: String, _ values: String, seen: Set<Relation>, own: Set<Relation>? = nil
    ) -> [PlantedRow] {
        ["alpha", "beta"].map { side in
            var row = PlantedRow(table, columns, values.replacing("@", with: side), seen: "")
            row.seen = seen.union([.admins]).reduce(into: []) { $0.formUnion(people($1, side)) }
            row.own = (own ?? seen.subtracting([.manager])).union([.admins])
                .reduce(into: []) { $0.formUnion(people($1, side)) }
            return row
        }
    }

    private static func people(_ relation: Relation, _ side: String) -> Set<String> {
        switch relation {
        case .users: side == "alpha" ? ["al", "bo"] : ["cy", "di"]
        case .rep: side == "alpha" ? ["rita"] : ["rob"]
        case .manager: side == "alpha" ? ["max"] : []
        case .admins: admins
        }
    }

    private static func names(_ text: String) -> Set<String> {
        text.split(separator: " ").reduce(into: []) { names, word in
            if word == "admins" { names.formUnion(admins) } else { names.insert(String(word)) }
        }
    }
}
