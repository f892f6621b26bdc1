internal import CCurl

/// libcurl as a whole, which wants to be started once in a process, before any other use.
enum CurlLibrary {
    /// Whether it is started.
    ///
    /// Swift makes sure that this runs once, whichever thread comes first.
    static let isReady = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK
}

/// A list of texts in libcurl's form, freed with the value.
///
final class CurlList {
    private(set) var pointer: UnsafeMutablePointer<curl_slist>?

    init(_ texts: [String]) {
        for text in texts { pointer = curl_slist_append(pointer, text) ?? pointer }
    }

    deinit { curl_slist_free_all(pointer) }
}
