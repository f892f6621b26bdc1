extension SQL: ExpressibleByStringInterpolation {
    /// Makes a statement without parameters.
    public init(stringLiteral value: String) {
        self.init()
        append(text: value)
    }

    /// Makes a statement from a literal with interpolations.
    public init(stringInterpolation: StringInterpolation) {
        self = stringInterpolation.sql
    }

    /// Collects the literal parts of a statement and binds what is interpolated between them.
    public struct StringInterpolation: StringInterpolationProtocol, Sendable {
        var sql = SQL()

        /// Prepares for a literal of about this size.
        public init(literalCapacity: Int, interpolationCount: Int) {}

        /// Takes a literal part of the statement as it stands.
        public mutating func appendLiteral(_ literal: String) {
            sql.append(text: literal)
        }

        /// Binds a value.
        public mutating func appendInterpolation<Value: SQLEncodable>(_ value: Value) {
            sql.append(parameter: value.sqlParameter)
        }

        /// Binds a value, or `NULL` of its type.
        ///
        /// The form above would do, but the compiler warns of any optional that meets a generic interpolation.
        public mutating func appendInterpolation<Value: SQLEncodable>(_ value: Value?) {
            sql.append(parameter: value.sqlParameter)
        }

        /// Splices another piece in, parameters included.
        public mutating func appendInterpolation(_ piece: SQL) {
            sql.append(piece)
        }

        /// Puts text into the statement unseen.
        ///
        /// Only for text the program itself wrote, such as a column name from a fixed list; never for anything that
        /// came from outside.
        public mutating func appendInterpolation(unsafeUnescaped text: String) {
            sql.append(text: text)
        }
    }
}
