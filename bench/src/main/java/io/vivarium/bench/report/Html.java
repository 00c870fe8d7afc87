/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.bench.report;

/** A page that needs nothing but itself. Thread: any; stateless. */
final class Html {
    private static final String STYLE =
            "body{font:15px system-ui,sans-serif;max-width:1000px;margin:2em auto;padding:0 1em;"
                    + "color:#1d2a35}svg{width:100%;font:12px system-ui,sans-serif;fill:#44525f}.grid{stroke:#dfe5ea}"
                    + "table{border-collapse:collapse}td,th{padding:.25em .8em;border-bottom:1px solid #dfe5ea;text-align:right}"
                    + "td:first-child,th:first-child{text-align:left}";

    private Html() {}

    static String page(String title, String body) {
        return "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>" + escape(title)
                + "</title><style>" + STYLE + "</style></head><body>\n<h1>" + escape(title) + "</h1>\n" + body
                + "</body></html>\n";
    }

    static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
