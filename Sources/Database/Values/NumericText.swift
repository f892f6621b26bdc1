/// PostgreSQL's binary `numeric`: digit groups of four, the weight of the first, the sign and the digits shown.
enum NumericText {
    /// Writes the number with exactly the digits that the column has.
    static func decode(_ column: SQLColumn) throws(DatabaseError) -> String {
        let groups = Int(try column.integer(at: 0, Int16.self))
        let weight = Int(try column.integer(at: 2, Int16.self))
        let sign = try column.integer(at: 4, UInt16.self)
        let scale = Int(try column.integer(at: 6, Int16.self))
        guard column.bytes.count == 8 + groups * 2 else { throw column.failure("has a value of unexpected length") }
        switch sign {
        case 0xC000: return "NaN"
        case 0xD000: return "Infinity"
        case 0xF000: return "-Infinity"
        default: break
        }
        func group(_ index: Int) throws(DatabaseError) -> Int {
            index >= 0 && index < groups ? Int(try column.integer(at: 8 + index * 2, Int16.self)) : 0
        }
        var text = sign == 0x4000 ? "-" : ""
        text += String(weight < 0 ? 0 : try group(0))
        if weight >= 1 {
            for index in 1...weight { text += padded(try group(index)) }
        }
        guard scale > 0 else { return text }
        var fraction = ""
        var index = weight + 1
        while fraction.utf8.count < scale {
            fraction += padded(try group(index))
            index += 1
        }
        return text + "." + fraction.prefix(scale)
    }

    private static func padded(_ group: Int) -> String {
        let digits = String(group)
        return String(repeating: "0", count: 4 - digits.utf8.count) + digits
    }
}
