import Foundation
import TestSupport
import Testing

@testable import Drizzl

/// What the private PostgreSQL says when it cannot be had, and what it leaves alone.
@Suite struct PrivateClusterRefusalTests {
    @Test func `no PostgreSQL is named with what to install`() throws {
        try withScratch { scratch in
            let error = #expect(throws: ClusterError.self) {
                try PostgresInstallation.find(searchPath: scratch, folders: ["\(scratch)/*/bin"])
            }
            #expect(error == .notInstalled)
            #expect(error?.description.contains("apt-get install postgresql") == true)
        }
    }

    @Test func `the newest installation comes first, and the one that wrote the data before it`() throws {
        try withScratch { scratch in
            for version in ["9.6", "15", "17"] {
                // Another program writes them: while we had them open, a program started meanwhile would hold them
                // open too, and what is open for writing cannot be run.
                let script = """
                    mkdir -p "$1"
                    for name in initdb postgres pg_ctl pg_isready psql; do
                        printf '#!/bin/sh\\necho "postgres (PostgreSQL) %s.2 (Debian)"\\n' "$2" >"$1/$name"
                        chmod 755 "$1/$name"
                    done
                    """
                _ = try ChildProcess.output(of: ["sh", "-c", script, "sh", "\(scratch)/\(version)/bin", version])
            }
            func find(_ major: Int?) throws -> Int? {
                try PostgresInstallation.find(major: major, searchPath: "", folders: ["\(scratch)/*/bin"])?.major
            }
            #expect(try find(nil) == 17)
            #expect(try find(15) == 15)
            #expect(try find(16) == nil)
        }
    }

    @Test func `a directory with other things in it is refused and left alone`() throws {
        try withScratch { scratch in
            try "mine".write(toFile: "\(scratch)/letter.txt", atomically: false, encoding: .utf8)
            let before = try FileManager.default.attributesOfItem(atPath: scratch)[.ownerAccountID] as? NSNumber
            let error = #expect(throws: ClusterError.self) { try PrivateCluster(directory: scratch).start() }
            #expect(error == .directoryInUse(path: scratch))
            #expect(try FileManager.default.contentsOfDirectory(atPath: scratch) == ["letter.txt"])
            #expect(try FileManager.default.attributesOfItem(atPath: scratch)[.ownerAccountID] as? NSNumber == before)
        }
    }

    @Test func `a note that names a place of someone else is refused`() throws {
        try withScratch { scratch in
            try "/etc\n".write(toFile: "\(scratch)/location", atomically: false, encoding: .utf8)
            let cluster = PrivateCluster(directory: scratch)
            #expect(throws: ClusterError.directoryInUse(path: scratch)) { try cluster.start() }
            #expect(throws: ClusterError.directoryInUse(path: scratch)) { try cluster.remove() }
        }
    }

    @Test func `data of another major version is refused by name`() throws {
        try withScratch { scratch in
            let cluster = PrivateCluster(directory: "\(scratch)/postgres")
            defer { try? cluster.remove() }
            let home = try cluster.prepareHome()
            try FileManager.default.createDirectory(atPath: home.data, withIntermediateDirectories: false)
            try "9\n".write(toFile: "\(home.data)/PG_VERSION", atomically: false, encoding: .utf8)
            try cluster.own(home.data, by: home.account)
            let error = #expect(throws: ClusterError.self) { try cluster.start() }
            #expect(error?.description.contains("written by PostgreSQL 9, and installed here is") == true)
        }
    }

    @Test func `a socket directory that others may enter is refused`() throws {
        try withScratch { scratch in
            let cluster = PrivateCluster(directory: "\(scratch)/postgres")
            defer { try? cluster.remove() }
            let home = try cluster.prepareHome()
            defer { rmdir(home.socketDirectory) }
            try FileManager.default.createDirectory(
                atPath: home.socketDirectory, withIntermediateDirectories: false,
                attributes: [.posixPermissions: 0o777])
            #expect(throws: ClusterError.socketDirectoryTaken(path: home.socketDirectory)) { try cluster.start() }
        }
    }

    @Test func `a place that cannot be written is named`() throws {
        try withScratch { scratch in
            try "a file".write(toFile: "\(scratch)/file", atomically: false, encoding: .utf8)
            let error = #expect(throws: ClusterError.self) {
                try PrivateCluster(directory: "\(scratch)/file/postgres").start()
            }
            #expect(error?.description.contains("\(scratch)/file/postgres cannot be written") == true)
        }
    }

    @Test(arguments: ["/srv/drizzl", "/srv/a very/long path/" + String(repeating: "deep/", count: 60)])
    func `the socket's path is short however deep the data lies`(path: String) {
        let home = ClusterHome(path: path, account: .current)
        #expect("\(home.socketDirectory)/.s.PGSQL.5432".utf8.count <= 107)
        let url = home.url(database: "drizzl", user: "drizzl")
        #expect(url.hasPrefix("postgresql:///drizzl?host=%2Ftmp%2Fdrizzl-"))
        #expect(url.hasSuffix("&user=drizzl"))
    }
}
