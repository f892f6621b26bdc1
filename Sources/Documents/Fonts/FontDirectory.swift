/// The folder that holds the typeface Inter as OpenType files.
public struct FontDirectory: Sendable, Hashable {
    /// The path of the folder.
    public let path: String

    /// Names a folder; it is looked into only by ``FontLibrary``.
    ///
    /// - Parameter path: The path of the folder.
    public init(_ path: String) { self.path = path }

    /// Where Debian's package `fonts-inter` puts them.
    public static let debian = FontDirectory("/usr/share/fonts/opentype/inter")

    /// The weights that documents use.
    static let files = ["Inter-Regular.otf", "Inter-SemiBold.otf", "Inter-Bold.otf"]
    static let package = "fonts-inter"
}
