/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.contract;

import java.util.List;

/** Four-letter words with the default whitelist (spec 1.2, operations 3.1). */
class WhitelistContractIT extends ContractSuite {
    @Override
    void write(Scripts scripts) {
        for (String word : List.of(
                "conf", "cons", "crst", "dirs", "dump", "envi", "gtmk", "stmk", "ruok", "srst", "stat", "wchc", "wchp",
                "wchs", "mntr", "isro", "hash")) {
            scripts.script("the word " + word + " is refused by default", s -> s.word(word, line -> line));
        }
        scripts.script("srvr is always allowed", s -> s.word("srvr", line -> line.replaceAll(":.*", "")));
    }
}
