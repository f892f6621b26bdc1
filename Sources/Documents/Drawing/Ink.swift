/// A colour to draw with; each part runs from 0 to 1.
struct Ink: Equatable {
    let red: Double
    let green: Double
    let blue: Double

    /// From `0xRRGGBB`.
    init(_ hex: UInt32) {
        red = Double(hex >> 16 & 0xFF) / 255
        green = Double(hex >> 8 & 0xFF) / 255
        blue = Double(hex & 0xFF) / 255
    }

    /// The brand's green.
    ///
    /// For surfaces and rules: as text on white it could not be read.
    static let brand = Ink(0x00FF85)
    static let text = Ink(0x111827)
    static let quiet = Ink(0x5B6472)
    static let line = Ink(0xD9DDE3)
    static let panel = Ink(0xF4F6F8)
    static let alarm = Ink(0xC81E1E)
    static let white = Ink(0xFFFFFF)
}
