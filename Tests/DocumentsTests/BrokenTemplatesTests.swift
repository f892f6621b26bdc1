import Documents
import Foundation
import Testing

@Suite struct BrokenTemplatesTests {
    @Test func `all faults of all files are reported at once, with file and line`() throws {
        let faults = try faults(of: [
            "a/subject.mustache": "fine", "a/text.mustache": "one\n{{#open}}\nnever closed",
            "a/html.mustache": "one\ntwo {{{raw}}}\n{{>nowhere}}\n{{buyer.name}}",
            "b/subject.mustache": "{{#x}}{{/y}}",
        ])
        #expect(
            faults == [
                "a/html.mustache:2: \"raw\" would be shown without escaping",
                "a/html.mustache:3: there is no template \"nowhere\" to include",
                "a/html.mustache:4: \"buyer.name\": a name has no dot",
                "a/text.mustache:3: a section is not closed",
                "b/html.mustache:0: the file is missing",
                "b/subject.mustache:1: a section is closed under another name",
                "b/text.mustache:0: the file is missing",
            ])
    }

    @Test func `an empty folder is a fault`() throws {
        #expect(try faults(of: [:]).first?.hasSuffix("there are no templates in this folder") == true)
    }

    @Test func `values of a list are looked up inside first, then outside`() throws {
        let folder = try folder([
            "m/subject.mustache": "{{a}}", "m/html.mustache": "{{a}}",
            "m/text.mustache": "{{#list}}{{a}}{{b}} {{/list}}{{^none}}no{{/none}}{{#text}}yes{{/text}}",
        ])
        defer { try? FileManager.default.removeItem(at: folder) }
        let filled = try MailTemplates(directory: folder).fill(
            "m",
            with: [
                "a": "1", "b": "2", "list": .list([["a": "x"], ["b": "y"]]), "none": .optional(nil), "text": "t",
            ])
        #expect(filled.text == "x2 1y noyes\n")
    }

    private func faults(of files: [String: String]) throws -> [String] {
        let folder = try folder(files)
        defer { try? FileManager.default.removeItem(at: folder) }
        let error = #expect(throws: TemplateError.self) { try MailTemplates(directory: folder) }
        return error?.description.split(separator: "\n").map(String.init) ?? []
    }

    private func folder(_ files: [String: String]) throws -> URL {
        let folder = FileManager.default.temporaryDirectory.appending(path: "templates-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        for (path, text) in files {
            let file = folder.appending(path: path)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: file)
        }
        return folder
    }
}
