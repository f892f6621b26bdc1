/// How wide a line of text is in our typeface, so that what a drawing writes fits where it stands.
enum TextWidth {
    /// The weights that drawings write in.
    enum Weight {
        case body
        case heading
    }

    /// Widths of the letters from space to tilde in thousandths of the size: Inter 4, weights 400 and 600.
    private static let body = [
        281, 278, 403, 631, 638, 812, 639, 222, 362, 362, 500, 659, 280, 460, 276, 357, 625, 464, 605, 636, 642, 608,
        624,
        571, 616, 624, 276, 280, 659, 659, 659, 507, 936, 676, 651, 727, 719, 598, 587, 743, 740, 264, 543, 652, 562,
        889,
        753, 761, 635, 761, 639, 638, 642, 741, 676, 949, 642, 665, 625, 362, 357, 362, 469, 452, 497, 564, 621, 558,
        621,
        582, 361, 609, 591, 237, 237, 544, 237, 869, 585, 597, 609, 609, 372, 523, 364, 581, 557, 812, 540, 557, 541,
        362,
        327, 362, 659,
    ]
    private static let heading = [
        248, 309, 396, 643, 649, 844, 663, 213, 393, 393, 543, 673, 295, 466, 290, 379, 667, 481, 621, 652, 666, 632,
        648,
        587, 646, 648, 290, 295, 673, 673, 673, 544, 999, 724, 657, 744, 724, 608, 586, 755, 744, 275, 561, 677, 566,
        906,
        741, 775, 643, 776, 651, 649, 660, 734, 724, 1007, 690, 705, 653, 393, 379, 393, 481, 468, 497, 575, 630, 577,
        630, 593, 377, 625, 613, 261, 261, 569, 261, 898, 610, 608, 625, 625, 397, 549, 380, 608, 576, 837, 562, 576,
        562,
        393, 358, 393, 673,
    ]
    /// For letters that are not in the lists: as wide as a wide one.
    private static let other = 950

    /// The width of a line.
    static func of(_ text: String, size: Double, _ weight: Weight = .body) -> Double {
        let widths = weight == .body ? body : heading
        let sum = text.unicodeScalars.reduce(0) { sum, scalar in
            let index = Int(scalar.value) - 32
            return sum + (widths.indices.contains(index) ? widths[index] : other)
        }
        return Double(sum) * size / 1_000
    }
}
