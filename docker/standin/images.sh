# shellcheck shell=bash
# shellcheck disable=SC2034  # read by build.sh
# What build.sh builds: for each name the lines "TAG FOLDER [--peer NAME] [BUILD-OPTION...]". A tag is that of the
# image it stands for, so that a chart only has to be told another repository.
declare -A images
order=(postgres redis api s3 nginx squid web plugin-daemon sandbox agent-backend local-sandbox)
# Servers that take minutes to make for the first time, and that only some scenarios need.
stores=(weaviate milvus)

images[postgres]="standin-postgres:17 postgres"
images[redis]="standin-redis:8 redis"
images[weaviate]="standin-weaviate:1.35.2 weaviate --peer weaviate"
images[milvus]="standin-milvus:2.3.5 milvus --peer milvus"
images[nginx]="standin-nginx:1 nginx"
images[squid]="standin-squid:6 squid"
images[s3]="standin-s3:18 s3"
images[api]="
standin-api:1.16.1 api --target v1.16.1
standin-api:1.16.1-next api --target next
standin-api:1.10.1 api --target v1.10.1"
images[web]="
standin-web:1.16.1 service --target web --build-arg VERSION=1.16.1
standin-web:1.16.1-next service --target web --build-arg VERSION=1.16.1-next
standin-web:1.10.1 service --target web --build-arg VERSION=1.10.1"
images[plugin-daemon]="
standin-plugin-daemon:0.6.3-local plugin-daemon --build-arg VERSION=0.6.3-local
standin-plugin-daemon:0.4.1-local plugin-daemon --build-arg VERSION=0.4.1-local"
images[sandbox]="
standin-sandbox:0.2.15 service --target sandbox --build-arg VERSION=0.2.15
standin-sandbox:0.2.12 service --target sandbox --build-arg VERSION=0.2.12"
images[agent-backend]="
standin-agent-backend:1.16.1 service --target agent-backend --build-arg VERSION=1.16.1
standin-agent-backend:1.16.1-next service --target agent-backend --build-arg VERSION=1.16.1-next"
images[local-sandbox]="
standin-local-sandbox:1.16.1 service --target local-sandbox --build-arg VERSION=1.16.1
standin-local-sandbox:1.16.1-next service --target local-sandbox --build-arg VERSION=1.16.1-next"
