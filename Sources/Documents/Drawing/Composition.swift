/// Pages being composed: marks at places, before anything is drawn.
///
/// Drawing comes after, when the number of pages is known. Points from the top left corner; US Letter.
struct Composition {
    enum Mark {
        case begin(Tag)
        case end(Tag)
        case text(TextBlock, Range<Int>, x: Double, y: Double)
        case fill(x: Double, y: Double, width: Double, height: Double, Ink)
        case frame(x: Double, y: Double, width: Double, height: Double, Ink)
    }

    /// The structure that programs for reading aloud see.
    enum Tag: String {
        case document = "Document"
        case heading = "H1"
        case section = "H2"
        case paragraph = "P"
        case table = "Table"
        case row = "TR"
        case headCell = "TH"
        case cell = "TD"
    }

    static let width = 612.0
    static let height = 792.0
    static let left = 54.0
    static let right = width - 54.0
    static let top = 50.0
    /// Where the text ends; the footer is below.
    static let bottom = height - 66.0
    static let measure = right - left

    /// Makes text blocks in the fonts of this document.
    let context: OpaquePointer
    private(set) var pages: [[Mark]] = [[]]
    /// Where the next thing goes.
    var y = Composition.top

    init(context: OpaquePointer) { self.context = context }

    var remaining: Double { Self.bottom - y }

    mutating func breakPage() {
        pages.append([])
        y = Self.top
    }

    /// Breaks the page unless `height` fits below the cursor.
    ///
    /// Nothing taller than a page can fit, so it does not try.
    mutating func keep(_ height: Double) {
        if height > remaining, y > Self.top { breakPage() }
    }

    mutating func add(_ mark: Mark) { pages[pages.count - 1].append(mark) }

    /// Wraps what `body` adds into a tag.
    mutating func tag(_ tag: Tag, _ body: (inout Composition) -> Void) {
        add(.begin(tag))
        body(&self)
        add(.end(tag))
    }

    func block(_ text: String, _ style: TextStyle, width: Double = measure) -> TextBlock {
        TextBlock(text, style, width: width, context: context)
    }

    /// Places a whole block at a height, without moving the cursor.
    mutating func place(_ block: TextBlock, as tag: Tag = .paragraph, x: Double, y: Double) {
        self.tag(tag) { $0.add(.text(block, 0..<block.lineCount, x: x, y: y)) }
    }

    /// Places lines of an address or the like under each other, a paragraph each, and tells where they end.
    mutating func place(lines: [String], _ style: TextStyle, x: Double, y: Double, width: Double) -> Double {
        var bottom = y
        for line in lines where !line.isEmpty {
            let block = block(line, style, width: width)
            place(block, x: x, y: bottom)
            bottom += block.height + 1.5
        }
        return bottom
    }

    /// Places a block at the cursor and moves the cursor below it, over as many pages as it needs.
    mutating func flow(_ block: TextBlock, x: Double = left) {
        var next = 0
        while next < block.lineCount {
            if block.count(from: next, fitting: remaining) == 0, y > Self.top { breakPage() }
            let end = next + max(1, block.count(from: next, fitting: remaining))
            tag(.paragraph) { $0.add(.text(block, next..<end, x: x, y: $0.y)) }
            y += block.height(of: next..<end)
            next = end
        }
    }
}
