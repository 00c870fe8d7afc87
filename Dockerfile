# Copyright the Vivarium authors. SPDX-License-Identifier: Apache-2.0
#
# The server as a container. Build the distribution first:
#   mvn -pl server -am -DskipTests package && docker build -t vivarium .
# Any base with bash, util-linux and Java 17 or later will do: docker build --build-arg BASE=... .
ARG BASE=eclipse-temurin:17-jre
FROM ${BASE}

ENV ZOO_CONF_DIR=/conf \
    ZOO_DATA_DIR=/data \
    ZOO_DATA_LOG_DIR=/datalog \
    ZOO_LOG_DIR=/logs \
    ZOOCFGDIR=/conf \
    PATH=/opt/vivarium/bin:$PATH

# Unpacked by ADD.
ADD server/target/vivarium-*-bin.tar.gz /opt/
COPY docker/entrypoint.sh docker/healthcheck.sh /usr/local/bin/
# A base may have a user 1000 already; its name does not matter.
RUN mv /opt/vivarium-*-bin /opt/vivarium \
 && chmod 755 /usr/local/bin/entrypoint.sh /usr/local/bin/healthcheck.sh \
 && mkdir -p /conf /data /datalog /logs \
 && cp /opt/vivarium/conf/logback.xml /conf/ \
 && if ! getent passwd 1000 >/dev/null; then \
      groupadd --gid 1000 zookeeper \
      && useradd --uid 1000 --gid 1000 --home-dir /data --no-create-home --shell /usr/sbin/nologin zookeeper; fi \
 && chown -R 1000:1000 /conf /data /datalog /logs

USER 1000:1000
WORKDIR /opt/vivarium
VOLUME ["/data", "/datalog", "/logs"]
# Clients, peers, election, administration.
EXPOSE 2181 2888 3888 8080
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s CMD ["/usr/local/bin/healthcheck.sh"]
ENTRYPOINT ["/usr/local/bin/entrypoint.sh"]
CMD ["zkServer.sh", "start-foreground"]
