internal import CLibPQ

extension ServerReport {
    /// libpq's codes for the fields of an error, which are character constants in C.
    enum Field {
        static let sqlState = code("C")
        static let message = code("M")
        static let position = code("P")
        static let table = code("t")
        static let column = code("c")
        static let constraint = code("n")
        static let function = code("R")

        private static func code(_ letter: Unicode.Scalar) -> Int32 { Int32(letter.value) }
    }

    /// Reads the error out of a result; nil when the result is none.
    init?(_ result: OpaquePointer) {
        switch PQresultStatus(result) {
        case PGRES_FATAL_ERROR, PGRES_BAD_RESPONSE, PGRES_NONFATAL_ERROR: break
        default: return nil
        }
        func field(_ code: Int32) -> String? { PQresultErrorField(result, code).map { String(cString: $0) } }
        // Errors that libpq makes itself (a lost connection) have no code; 08006 is "connection failure".
        sqlState = field(Field.sqlState) ?? "08006"
        message = field(Field.message) ?? Self.firstLine(of: result)
        table = field(Field.table)
        column = field(Field.column)
        constraint = field(Field.constraint)
        function = field(Field.function)
        position = field(Field.position).flatMap { Int($0) }
    }

    private static func firstLine(of result: OpaquePointer) -> String {
        let text = PQresultErrorMessage(result).map { String(cString: $0) } ?? ""
        return text.split(whereSeparator: \.isNewline).first.map(String.init) ?? "the connection was lost"
    }
}
