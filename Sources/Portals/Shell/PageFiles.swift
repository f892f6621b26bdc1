import enum Documents.TemplateValue
import WebAPI

/// The addresses of what every page loads.
struct PageFiles: Sendable {
    let values: PageValues

    /// What the first script imports: told in advance, so that they come together.
    private static let scripts = ["drizzl", "shell", "swap", "morph", "live", "touch", "records", "keys", "counts"]

    init(_ files: PublicFiles) {
        values = [
            "style_sheet": .text(files.address(of: "/css/drizzl.css")),
            "modules": .list(Self.scripts.map { ["module": .text(files.address(of: "/js/\($0).js"))] }),
            "script": .text(files.address(of: "/js/drizzl.js")),
            "early_script": .text(files.address(of: "/js/early.js")),
            "font": .text(files.address(of: "/vendor/inter.woff2")),
            "sprite": .text(files.address(of: "/vendor/icons.svg")),
            "favicon": .text(files.address(of: "/img/favicon.svg")),
        ]
    }
}
