import Foundation

/// Tells the person at the terminal something, at once: what is printed by `print` waits in a buffer when the output goes
/// to a file or a pipe.
func say(_ text: String) {
    FileHandle.standardOutput.write(Data("\(text)\n".utf8))
}
