import Foundation
import StateMachines

/// Reads the files of `seeds/`.
enum DemoFile {
    /// A file says something that nothing reads.
    struct Unread: Error, CustomStringConvertible {
        let name: String

        var description: String {
            "seeds/\(name) holds a key that the program does not know; compare it with Sources/Drizzl/Seed."
        }
    }

    /// Reads one file strictly: what is written again must be what was read.
    static func read<Content: Codable>(_ name: String, in folder: URL) throws -> Content {
        let data = try Data(contentsOf: folder.appending(path: name))
        let decoder = JSONDecoder()
        let content = try decoder.decode(Content.self, from: data)
        let again = try JSONEncoder().encode(content)
        guard try decoder.decode(JSONValue.self, from: data) == decoder.decode(JSONValue.self, from: again) else {
            throw Unread(name: name)
        }
        return content
    }
}
