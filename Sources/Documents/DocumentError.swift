/// Why a document could not be made.
///
/// The texts name files, packages and statuses, never the contents of the document.
public enum DocumentError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The typeface is not installed where it was looked for.
    case fontsMissing(directory: String, file: String, package: String)
    /// Fontconfig could not read the fonts that are there.
    case fontsUnreadable(directory: String)
    /// Cairo gave up; the status is its own word for the reason.
    case drawingFailed(status: String)

    /// A sentence that says what is wrong and what to do.
    public var description: String {
        switch self {
        case .fontsMissing(let directory, let file, let package):
            "The font \(file) is not in \(directory). Install the package \(package), or name the folder that has it."
        case .fontsUnreadable(let directory):
            "The fonts in \(directory) could not be loaded."
        case .drawingFailed(let status):
            "The document could not be drawn: \(status)."
        }
    }
}
