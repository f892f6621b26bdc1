internal import CCairo
import Foundation
import Synchronization

/// The fonts that documents are set in, loaded once and shared by all renders.
///
/// Inter comes from the given folder only, so another copy on the machine cannot change a document; characters that
/// Inter lacks are taken from the fonts in `/usr/share/fonts`. Any number of threads may render at the same time: each
/// render borrows a font map of its own, and the maps are kept for the next.
public final class FontLibrary: Sendable {
    /// Safe to share: fontconfig locks its own caches, and the configuration is not changed after `init`.
    nonisolated(unsafe) private let configuration: OpaquePointer
    private let idle = Mutex<[FontMap]>([])

    /// Loads the fonts.
    ///
    /// - Parameter directory: Where Inter is.
    /// - Throws: ``DocumentError`` naming the package when a file is missing.
    public init(directory: FontDirectory = .debian) throws(DocumentError) {
        for file in FontDirectory.files where !FileManager.default.isReadableFile(atPath: "\(directory.path)/\(file)") {
            throw .fontsMissing(directory: directory.path, file: file, package: FontDirectory.package)
        }
        guard let configuration = FcConfigCreate() else { throw .fontsUnreadable(directory: directory.path) }
        self.configuration = configuration
        var loaded = FcConfigParseAndLoadFromMemory(configuration, Self.rules, FcBool(1)) != 0
        loaded = loaded && FcConfigBuildFonts(configuration) != 0
        for file in FontDirectory.files {
            loaded = loaded && FcConfigAppFontAddFile(configuration, "\(directory.path)/\(file)") != 0
        }
        guard loaded else {
            // `deinit` releases the configuration: all stored properties are set.
            throw .fontsUnreadable(directory: directory.path)
        }
    }

    deinit {
        idle.withLock { $0.removeAll() }
        FcConfigDestroy(configuration)
    }

    /// Lends a font map for the time of `body`.
    ///
    /// The map is used by one thread at a time.
    func withFontMap<Result>(
        _ body: (FontMap) throws(DocumentError) -> Result
    ) throws(DocumentError) -> Result {
        let map =
            if let kept = idle.withLock({ $0.popLast() }) { kept } else { try FontMap(configuration) }
        defer { idle.withLock { $0.append(map) } }
        return try body(map)
    }

    /// The machine's own Inter is refused, so that only the files of the folder are used.
    ///
    /// No file of the machine's
    /// configuration is read: the same fonts give the same document everywhere.
    private static let rules = """
        <?xml version="1.0"?>
        <!DOCTYPE fontconfig SYSTEM "fonts.dtd">
        <fontconfig>
          <dir>/usr/share/fonts</dir>
          <cachedir>/var/cache/fontconfig</cachedir>
          <selectfont><rejectfont>
            <pattern><patelt name="family"><string>Inter</string></patelt></pattern>
            <pattern><patelt name="family"><string>Inter Variable</string></patelt></pattern>
            <pattern><patelt name="family"><string>Inter Display</string></patelt></pattern>
          </rejectfont></selectfont>
        </fontconfig>
        """
}

/// A Pango font map with its caches.
///
/// Unchecked, because Pango allows any thread to use a font map, but only one at a time: `FontLibrary` sees to that.
final class FontMap: @unchecked Sendable {
    let pointer: UnsafeMutablePointer<PangoFontMap>

    init(_ configuration: OpaquePointer) throws(DocumentError) {
        guard let map = ccairo_font_map_new(configuration) else {
            throw .drawingFailed(status: "cairo has no FreeType fonts")
        }
        pointer = map
    }

    deinit { ccairo_unref(pointer) }
}
