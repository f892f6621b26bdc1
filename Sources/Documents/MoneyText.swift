/// Writes amounts of money as people in the United States read them.
///
/// Integer arithmetic only: no floating point touches an amount. Source: R-01.
public enum MoneyText {
    /// The amount in dollars, with thousands separators: `$3,845.00`, `-$45.00`, `$0.00`.
    ///
    /// - Parameter cents: Any amount; the smallest `Int64` is written right, too.
    /// - Returns: The text, ASCII only.
    public static func dollars(_ cents: Int64) -> String {
        let magnitude = cents.magnitude
        let fraction = magnitude % 100
        let sign = cents < 0 ? "-" : ""
        return "\(sign)$\(grouped(magnitude / 100)).\(fraction < 10 ? "0" : "")\(fraction)"
    }

    /// A whole number with thousands separators: `1,080`, `-12`.
    ///
    /// - Parameter number: Any number, such as a quantity.
    /// - Returns: The text, ASCII only.
    public static func whole(_ number: Int) -> String {
        (number < 0 ? "-" : "") + grouped(UInt64(number.magnitude))
    }

    /// A share in percent: `35%`, `1.5%`, `0.25%`.
    ///
    /// - Parameter basisPoints: Any number of hundredths of a percent.
    /// - Returns: The text, ASCII only.
    public static func percent(_ basisPoints: Int) -> String {
        let magnitude = basisPoints.magnitude
        let (whole, part) = (grouped(UInt64(magnitude / 100)), magnitude % 100)
        let fraction =
            part == 0 ? "" : part % 10 == 0 ? ".\(part / 10)" : ".\(part < 10 ? "0" : "")\(part)"
        return (basisPoints < 0 ? "-" : "") + whole + fraction + "%"
    }

    private static func grouped(_ magnitude: UInt64) -> String {
        let digits = String(magnitude)
        var text = ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index).isMultiple(of: 3) { text.append(",") }
            text.append(digit)
        }
        return text
    }
}
