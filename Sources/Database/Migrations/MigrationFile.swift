internal import Crypto
internal import Foundation

/// One numbered SQL file.
struct MigrationFile {
    let version: Int
    /// `0007_add_notes`, without the ending.
    let name: String
    let text: String
    /// SHA-256 of the file's bytes, in hexadecimal.
    let checksum: String

    /// Reads all files `NNNN_name.sql` of a folder, in order.
    ///
    /// Other files, such as `schema.sql`, are left alone, but one that starts like a migration and is not named like
    /// one is a fault.
    static func all(in directory: URL) throws(MigrationError) -> [MigrationFile] {
        let names: [String]
        do {
            names = try FileManager.default.contentsOfDirectory(atPath: directory.path)
        } catch {
            throw .invalid(["the folder \(directory.lastPathComponent) cannot be read"])
        }
        var files: [MigrationFile] = []
        var faults: [String] = []
        for name in names.sorted() where name.hasSuffix(".sql") && name.first?.isNumber == true {
            do { files.append(try MigrationFile(directory, name)) } catch { faults.append(error.reason) }
        }
        for (index, file) in files.enumerated() where file.version != index + 1 {
            faults.append("\(file.name) should be number \(padded(index + 1)): numbers go up by one from 0001")
        }
        guard faults.isEmpty else { throw .invalid(faults) }
        return files
    }

    private struct Unreadable: Error { let reason: String }

    private init(_ directory: URL, _ fileName: String) throws(Unreadable) {
        guard let match = fileName.wholeMatch(of: /([0-9]{4})_[a-z0-9_]+\.sql/), let version = Int(match.1) else {
            throw Unreadable(reason: "\(fileName) is not named NNNN_name.sql, in lower case")
        }
        guard let data = try? Data(contentsOf: directory.appendingPathComponent(fileName)),
            let text = String(data: data, encoding: .utf8)
        else { throw Unreadable(reason: "\(fileName) cannot be read as UTF-8") }
        self.version = version
        self.text = text
        name = String(fileName.dropLast(4))
        checksum = HexText.hex(SHA256.hash(data: data))
    }

    private static func padded(_ number: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }
}
