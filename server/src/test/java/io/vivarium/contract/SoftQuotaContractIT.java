/* Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0 */
package io.vivarium.contract;

/** Quotas as they are by default: counted, not enforced (spec 11). */
class SoftQuotaContractIT extends ContractSuite {
    @Override
    ServerProfile profile() {
        return ServerProfile.named("quota-off");
    }

    @Override
    void write(Scripts scripts) {
        scripts.script("hard limits refuse nothing while they are not enforced", s -> {
            Session a = s.connect("a");
            a.create("~/q", "");
            QuotaContractIT.setQuota(a, "count=-1,bytes=-1=;byteHardLimit=1;countHardLimit=1");
            a.create("~/q/x", "12345");
            a.setData("~/q/x", "1234567", -1);
            QuotaContractIT.readQuota(a);
        });
    }
}
