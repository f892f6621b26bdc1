public import Foundation

/// Every place in which this installation has kept files, and the one where new ones go.
public struct FileStores: Sendable {
    /// A place that is not the database, by the name that the database has for it.
    public enum Place: String, Sendable {
        /// A folder.
        case disk
        /// A server that speaks S3.
        case s3
    }

    /// The folder in which files arrive, before it is known whether they are kept.
    public let drafts: URL
    private let disk: DiskFileStore
    private let objects: ObjectFileStore?

    /// Makes them.
    ///
    /// - Parameters:
    ///   - directory: The folder of files; also of those that are just arriving.
    ///   - objects: Where new files go; nil: into the folder.
    public init(directory: URL, objects: ObjectFileStore? = nil) {
        drafts = directory.appending(path: "drafts")
        disk = DiskFileStore(directory: directory)
        self.objects = objects
    }

    /// Where new files go.
    public var newest: Place { objects == nil ? .disk : .s3 }

    /// What keeps the files of a place.
    ///
    /// - Throws: ``StorageError`` when this process is not told how to reach it.
    public func store(in place: Place) throws -> any FileStore {
        switch place {
        case .disk: return disk
        case .s3:
            if let objects { return objects }
            throw StorageError("The file is kept by S3, and the settings DRIZZL_FILES_S3_… are not set.")
        }
    }

    /// Begins a file that is about to arrive.
    ///
    /// - Returns: The file, with nothing in it; whoever asked for it removes it in the end.
    /// - Throws: ``StorageError``.
    public func draft() async throws -> FileDraft { try await FileDraft(in: drafts) }
}
