import Crypto
public import Foundation
import HTTPTypes
import Hummingbird
import NIOCore

/// The files of `public/`, read once at the start.
///
/// Nothing is looked up on the disk for a request, so no address can lead out of the folder.
public struct PublicFiles: Sendable {
    private struct File {
        let content: ByteBuffer
        let type: String
        let version: String
    }

    private let files: [String: File]

    private static let types = [
        "css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8", "svg": "image/svg+xml",
        "png": "image/png", "ico": "image/x-icon", "woff2": "font/woff2", "txt": "text/plain; charset=utf-8",
        "webmanifest": "application/manifest+json",
    ]

    /// Reads a folder; hidden files and kinds that are not known are left out.
    ///
    /// - Parameter directory: The folder, such as `public`.
    /// - Throws: What Foundation throws when a file cannot be read.
    public init(directory: URL) throws {
        // An enumerator does not enter a folder that is a link.
        let directory = directory.resolvingSymlinksInPath()
        let paths = FileManager.default.enumerator(atPath: directory.path)?.compactMap { $0 as? String } ?? []
        var files: [String: File] = [:]
        for path in paths where !path.split(separator: "/").contains(where: { $0.hasPrefix(".") }) {
            let file = directory.appending(path: path)
            guard let type = Self.types[file.pathExtension.lowercased()] else { continue }
            let data = try Data(contentsOf: file)
            let digest = SHA256.hash(data: data).prefix(8).map {
                String($0 >> 4, radix: 16) + String($0 & 15, radix: 16)
            }
            files["/" + path] = File(content: ByteBuffer(bytes: data), type: type, version: digest.joined())
        }
        self.files = files
    }

    /// The address of a file, with its version, so that a browser keeps it until it changes.
    ///
    /// - Parameter path: The path below the folder, such as `/css/drizzl.css`.
    /// - Returns: The address; the plain path of a file that is not there.
    public func address(of path: String) -> String {
        files[path].map { "\(path)?v=\($0.version)" } ?? path
    }

    /// Sends each file.
    var operations: [Operation] {
        files.map { path, file in
            Operation(
                .get, path, "A file of the pages", tag: "Pages", access: .anyone,
                scope: .none("these files are the same for everybody"), answers: [.content(file.type, "The file.")]
            ) { visit in Self.response(file, to: visit.request) }
        }
    }

    private static func response(_ file: File, to request: Request) -> Response {
        let tag = "\"\(file.version)\""
        let isVersioned = request.uri.query == "v=\(file.version)"
        var headers: HTTPFields = [
            .eTag: tag, .cacheControl: isVersioned ? "public, max-age=31536000, immutable" : "no-cache",
        ]
        if request.headers[.ifNoneMatch] == tag { return Response(status: .notModified, headers: headers) }
        headers[.contentType] = file.type
        return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: file.content))
    }
}
